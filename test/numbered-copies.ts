import type { JsonValue } from '@netcert/credential'
import { inspectCredential } from '@netcert/credential/holder'
import {
  blindPlatformId,
  createPlatform,
  readBlindedNumber,
} from '@netcert/credential/platform-number'

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
