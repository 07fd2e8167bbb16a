import { createHash } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import {
  GATE_PASS,
  generateSigner,
  importSigner,
  type JsonObject,
  NETWORK_CERTIFICATE,
  type Signer,
} from '@netcert/credential'
import { createPresentation } from '@netcert/credential/holder'
import { blindPlatformId } from '@netcert/credential/platform-number'
import { createRequestObject, readRequestObject, type RequestObject } from '@netcert/protocol'
import { encodeBase45, packAnswer, packChallenge, unpackChallenge } from '@netcert/protocol/gate'
import { queries } from '@netcert/schemas'
import { DICTIONARY } from '../packages/protocol/src/gate/code-dictionary.js'
import { encodeNumber } from '../packages/protocol/src/gate/code-sections.js'
import type { GateGround } from './gate-ground.js'
import { createRequestKey, type Venue } from './gate-venue.js'
import type { Citizen } from './issuer-server-ground.js'

/** A certificate whose key lies in nobody's wallet: its holder signs whatever they like. */
export type LoosePass = {
  readonly person: Citizen
  readonly credential: string
  readonly signer: Signer
  /** What opens the number at the platform it was made for. */
  readonly r: string | null
}

/** Genuine one-time copies of one person, gate passes unless told otherwise; eight at most. */
export async function loosePasses(
  ground: GateGround,
  count: number,
  type: typeof GATE_PASS | typeof NETWORK_CERTIFICATE = GATE_PASS,
): Promise<readonly LoosePass[]> {
  const person = ground.served.nextPerson()
  const keys = await Promise.all(Array.from({ length: count }, () => generateSigner('ES256')))
  const { credentials } = await ground.quietly((issuer) =>
    issuer.mint({
      ...{ citizen: person.reference, type, copies: 'one-time' },
      holderJwks: keys.map(({ jwk }) => jwk),
    }),
  )
  return keys.map(({ signer }, at) => ({
    ...{ person, signer, r: null },
    credential: credentials[at] ?? '',
  }))
}

/** A genuine copy with the number of a venue; each is bound to another phone of the same person. */
export async function looseTicket(
  ground: GateGround,
  venue: Venue,
  person = ground.served.nextPerson(),
): Promise<LoosePass> {
  const { r, b } = blindPlatformId(venue.id)
  const { signer, jwk } = await generateSigner('ES256')
  const { credentials } = await ground.issuer((issuer) =>
    issuer.mint({
      ...{ citizen: person.reference, type: NETWORK_CERTIFICATE, copies: 'platform' },
      ...{ holderJwks: [jwk], blinded: b },
    }),
  )
  return { person, signer, r, credential: credentials[0] ?? '' }
}

/** What a challenge says, believed as it stands. */
export function readChallenge(text: string): RequestObject & { readonly payload: JsonObject } {
  const { payload } = readRequestObject(unpackChallenge(text))
  return { ...(payload as unknown as RequestObject), payload }
}

/** How an answer differs from an honest one. */
export type AnswerWish = {
  readonly paths?: readonly (readonly string[])[]
  readonly audience?: string
  readonly nonce?: string
  /** What the code brings itself: its nonce, as those of posters and paper do, or more. */
  readonly carried?: 'nonce' | 'audience' | 'both'
  readonly issuedAt?: Date
  readonly signer?: Signer
  readonly change?: (presentation: string) => string
}

const FACTS = [['age_over_18'], ['real_person']] as const
const NUMBER = [['platform_number'], ['real_person']] as const

/** The answer of somebody who does not ask a wallet. */
export async function answerWith(
  pass: LoosePass,
  challenge: string,
  wish: AnswerWish = {},
): Promise<string> {
  const asked = readChallenge(challenge)
  const { audience = asked.client_id ?? '', nonce = asked.nonce, change = (text) => text } = wish
  const presentation = await createPresentation({
    ...{ credential: pass.credential, signer: wish.signer ?? pass.signer, audience, nonce },
    paths: wish.paths ?? (pass.r === null ? FACTS : NUMBER),
    issuedAt: wish.issuedAt ?? new Date(),
    keyBindingClaims: pass.r === null ? {} : { platform_number_r: pass.r },
  })
  const known = {
    audience: wish.carried === 'audience' || wish.carried === 'both' ? null : audience,
    nonce: wish.carried === 'nonce' || wish.carried === 'both' ? null : nonce,
  }
  return packAnswer({ presentation: change(presentation), known })
}

/** A self-made nonce, as wallets draw them for posters and paper. */
export const carriedNonce = (kind: 'poster' | 'paper'): string =>
  `${kind}.${Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64url')}`

/** The four octets that bind a code to its nonce: anybody who knows the nonce can make them. */
export function retagged(octets: Uint8Array, { audience, nonce }: GateKnows): Uint8Array {
  // Version and flags, disclosures, and the length of the text: seven bits an octet, the last below 128.
  const end = octets.findIndex((octet, at) => at > 1 && octet < 128) + 1
  const [head, body] = [octets.subarray(0, end), octets.subarray(end + 4)]
  const told = Buffer.from(`${audience}\n${nonce}\n`)
  const tag = createHash('sha256').update(told).update(head).update(body).digest().subarray(0, 4)
  return Uint8Array.of(...head, ...tag, ...body)
}

type GateKnows = { readonly audience: string; readonly nonce: string }

/** A code as no encoder makes it: any text, and any octets behind it. */
export function craftedCode(
  text: string,
  known: GateKnows,
  { octets = new Uint8Array(), disclosures = 0 } = {},
): string {
  const deflated = deflateRawSync(text, { dictionary: Buffer.from(DICTIONARY), level: 9 })
  const head = [0x13, disclosures, ...encodeNumber(deflated.length)]
  const whole = Uint8Array.of(...head, 0, 0, 0, 0, ...deflated, ...octets)
  return `NC1:${encodeBase45(retagged(whole, known))}`
}

/** What a gate that is none shows, or one that asks too much. */
export type ChallengeWish = {
  /** The accreditations that go along; none: an unknown venue. */
  readonly tokens?: readonly string[]
  readonly query?: object
  readonly issuedAt?: Date
  readonly changes?: Partial<RequestObject> & { readonly netcert_nonce?: 'self-made' }
  readonly signer?: Signer
}

/** A challenge that is signed by whoever has the venue's key, whatever it asks. */
export async function forgeChallenge(
  { clientId, signer, proof, accreditation }: Venue,
  wish: ChallengeWish = {},
): Promise<string> {
  const { tokens = [accreditation('venue-entry')], issuedAt = new Date() } = wish
  const info = tokens.map((data) => ({ format: 'registration_cert', data }))
  const requestObject = await createRequestObject({
    request: {
      ...{ client_id: clientId, response_type: 'vp_token', response_mode: 'netcert_qr' },
      nonce: 'MDEyMzQ1Njc4OWFiY2RlZg',
      dcql_query: wish.query ?? queries['gate-age-over-18'],
      client_metadata: { vp_formats_supported: { 'dc+sd-jwt': {} } },
      ...(info.length === 0 ? {} : { verifier_info: info }),
      ...wish.changes,
    },
    ...{ signer: wish.signer ?? signer, proof, issuedAt },
    expiresAt: new Date(issuedAt.getTime() + 90_000),
  })
  return packChallenge(requestObject)
}

/** A venue that no registrar knows. */
export async function strangerVenue(): Promise<Venue> {
  const requestKey = await createRequestKey()
  const { d: _private, ...requestJwk } = requestKey
  const signer = await importSigner(requestKey)
  return {
    ...{ id: 'https://stranger.example', requestKey, requestJwk, signer },
    ...{ clientId: `decentralized_identifier:${signer.did}`, proof: { kind: 'did' } },
    accreditation: () => '',
  }
}
