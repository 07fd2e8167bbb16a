import type { JsonValue } from '@netcert/credential'
import { inspectCredential } from '@netcert/credential/holder'
import {
  blindPlatformId,
  createPlatform,
  readBlindedNumber,
} from '@netcert/credential/platform-number'
import { issuedResponseSchema } from '@netcert/protocol'
import { type CredentialIssuerGround, newHolderKeys, proofsOf } from './credential-issuer-ground.js'

/** The configuration of the copies that carry a platform's number. */
export const PLATFORM_COPY = 'network-certificate-platform'
/** Identifier of a platform. */
export const SHOP = 'p-4711-of-a-shop'

/** The claims of a certificate by the names of their members, as its holder reads them. */
export async function claimsOf(credential: string): Promise<ReadonlyMap<string, JsonValue>> {
  const { claims } = await inspectCredential(credential)
  return new Map(claims.map(({ path, value }) => [path.join('.'), value]))
}

/** What a wallet asks with, and what opens the answer as the platform would. */
export type TestBlinding = {
  readonly b: string
  open(credential: string): Promise<string>
}

/** Blinds a platform's identifier. */
export function blindFor(platformId: string): TestBlinding {
  const { r, b } = blindPlatformId(platformId)
  const platform = createPlatform(platformId)
  return {
    b,
    async open(credential) {
      const claim = readBlindedNumber((await claimsOf(credential)).get('platform_number'))
      return platform.openNumber({ ...claim, r })
    },
  }
}

/** Asks for a platform's copy with fresh keys; members of `request` are added or take precedence. */
export function copyAsker(test: CredentialIssuerGround) {
  return async (
    request: Readonly<Record<string, unknown>>,
    { token = test.grant({}), keys = 1 }: { readonly token?: string; readonly keys?: number } = {},
  ): Promise<Response> => {
    const nonce = await test.nonce()
    const jwt = await proofsOf(await newHolderKeys(keys), { nonce, now: test.now })
    const body = { credential_configuration_id: PLATFORM_COPY, proofs: { jwt }, ...request }
    return test.post('/credential', { token, body })
  }
}

/** The only certificate of an answer. */
export async function issuedCopy(response: Response): Promise<string> {
  const answer: unknown = await response.json()
  if (response.status !== 200) throw new TypeError(`not issued: ${JSON.stringify(answer)}`)
  const [first, ...more] = issuedResponseSchema.parse(answer).credentials
  if (first === undefined || more.length > 0) throw new TypeError('not one certificate')
  return first.credential
}
