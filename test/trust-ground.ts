import {
  type CertificateType,
  CredentialError,
  certificateType,
  createCredential,
  createEmptyStatusList,
  createStatusList,
  createTrust,
  createTrustList,
  type Demands,
  freshnessPolicies,
  generateSigner,
  type JsonObject,
  NETWORK_CERTIFICATE,
  type Signer,
  type StatusReference,
  type Trust,
  type TrustedIssuer,
  type TrustedKey,
  type TrustListContent,
  type VerifiedPresentation,
  verifyPresentation,
  withStatusLists,
  writeStatus,
} from '@netcert/credential'
import { createPresentation } from '@netcert/credential/holder'

export const HOUR = 3_600
export const DAY = 86_400

/** Half past a full hour: what is rounded down to the hour differs from it. */
export const NOW = new Date('2026-11-21T10:30:00Z')

/** `NOW`, so many seconds later. */
export const at = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000)

export const AUDIENCE = 'redirect_uri:https://shop.example/answer'
export const NONCE = 'n-0S6_WzA2Mj-fixed-for-tests'
export const STATUS_PREFIX = 'https://issuer.example/status/'
export const STATUS_URI = `${STATUS_PREFIX}1`
export const STATUS_ENTRIES = 1_024

/** Everything the type knows about an adult. */
export const claimsOfAnAdult: JsonObject = {
  network_number: 'AB2CD3EF4GH5JK6MN7PQ10',
  real_person: 'document+face',
  age_equal_or_over: { '14': true, '16': true, '18': true, '60': false, '65': false },
  age_band: '18+',
  document_type: 'resident_id',
  nationality: 'CHN',
  residence_region: 'GD',
  phone_verified: true,
  family_name: '于',
  given_name: '敏静',
  birthdate: '1989-05-04',
  id_number: '990217198905047852',
  sex: 'female',
}

export type KeyPair = Awaited<ReturnType<typeof generateSigner>>

/** Real keys of a root, an issuer with its status key, a holder, and somebody else. */
export const root: KeyPair = await generateSigner('ES256')
export const issuer: KeyPair = await generateSigner('ES256')
export const statusKey: KeyPair = await generateSigner('ES256')
export const holder: KeyPair = await generateSigner('ES256')
export const stranger: KeyPair = await generateSigner('ES256')

export const listedKey = (pair: KeyPair, use: TrustedKey['use'], changes = {}): TrustedKey => ({
  did: pair.signer.did,
  use,
  notBefore: at(-30 * DAY),
  notAfter: at(365 * DAY),
  ...changes,
})

export const listedIssuer = (changes: Partial<TrustedIssuer> = {}): TrustedIssuer => ({
  did: issuer.signer.did,
  mechanism: 'did:key',
  statusUriPrefix: STATUS_PREFIX,
  types: [NETWORK_CERTIFICATE],
  keys: [listedKey(issuer, 'credential'), listedKey(statusKey, 'status')],
  ...changes,
})

export const trustListContent = (changes: Partial<TrustListContent> = {}): TrustListContent => ({
  sequence: 7,
  issuedAt: at(-DAY),
  expiresAt: at(29 * DAY),
  nextRoot: null,
  issuers: [listedIssuer()],
  registrars: [],
  ...changes,
})

export const signTrustList = (
  changes: Partial<TrustListContent> = {},
  rootSigner: Signer = root.signer,
): Promise<string> => createTrustList({ rootSigner, content: trustListContent(changes) })

export type StatusListChanges = {
  readonly uri?: string
  readonly bits?: 1 | 2
  readonly statuses?: readonly (readonly [index: number, status: number])[]
  readonly signer?: Signer
  readonly issuedAt?: Date
  readonly expiresAt?: Date
  readonly ttlSeconds?: number
  readonly entries?: number
}

/** A status list token: 2 bits, an hour old, fresh for 12 hours, ending after 7 days. */
export function signStatusList(changes: StatusListChanges = {}): Promise<string> {
  const { bits = 2, statuses = [], entries = STATUS_ENTRIES } = changes
  const { issuedAt = at(-HOUR), ttlSeconds = 12 * HOUR, signer = statusKey.signer } = changes
  const { uri = STATUS_URI, expiresAt = new Date(issuedAt.getTime() + 7 * DAY * 1000) } = changes
  const list = createEmptyStatusList(bits, entries)
  for (const [index, status] of statuses) writeStatus(list, index, status)
  return createStatusList({
    uri,
    bits,
    entries: list.bytes,
    signer,
    issuedAt,
    expiresAt,
    ttlSeconds,
  })
}

/** Trust at `NOW` with these status lists, all of which must be taken in. */
export async function trustWith(
  statusLists: readonly string[],
  trustList: Partial<TrustListContent> = {},
): Promise<Trust> {
  const trust = await createTrust({
    trustListToken: await signTrustList(trustList),
    rootDids: [root.signer.did],
    now: NOW,
    graceSeconds: 0,
    minimumSequence: 0,
  })
  const result = await withStatusLists(trust, statusLists, NOW)
  const [refusal] = result.refused
  if (refusal !== undefined) throw refusal.error
  return result.trust
}

export type MintChanges = {
  readonly type?: CertificateType
  readonly signer?: Signer
  readonly claims?: JsonObject
  readonly issuedAt?: Date
  readonly expiresAt?: Date
  readonly status?: StatusReference | null
}

/** A certificate for the holder; with status entry 5 unless told otherwise. */
export const mint = (changes: MintChanges = {}): Promise<string> =>
  createCredential({
    type: certificateType(NETWORK_CERTIFICATE),
    signer: issuer.signer,
    holderJwk: holder.jwk,
    claims: claimsOfAnAdult,
    issuedAt: at(-2 * HOUR),
    expiresAt: at(7 * DAY),
    status: { uri: STATUS_URI, index: 5 },
    ...changes,
  })

export type PresentChanges = {
  readonly paths?: readonly (readonly (string | number | null)[])[]
  readonly audience?: string
  readonly nonce?: string
  readonly issuedAt?: Date
  readonly signer?: Signer
  readonly keyBindingClaims?: JsonObject
}

/** Shows that the holder is 18, to us, now, unless told otherwise. */
export const present = (credential: string, changes: PresentChanges = {}): Promise<string> =>
  createPresentation({
    credential,
    paths: [['age_equal_or_over', '18']],
    audience: AUDIENCE,
    nonce: NONCE,
    issuedAt: at(-5),
    signer: holder.signer,
    ...changes,
  })

/** Demands that the presentation above satisfies. */
export const demands = (changes: Partial<Demands> = {}): Demands => ({
  audience: AUDIENCE,
  nonce: NONCE,
  keyBindingMaxAgeSeconds: 300,
  now: NOW,
  freshness: freshnessPolicies['grace-24h'],
  types: [NETWORK_CERTIFICATE],
  claimSets: [[{ path: ['age_equal_or_over', '18'], values: [true] }]],
  platform: null,
  ...changes,
})

/** Mints, presents and verifies, with these differences from what is right. */
export type Trial = {
  readonly trust?: Trust
  readonly mint?: MintChanges
  readonly present?: PresentChanges
  readonly demands?: Partial<Demands>
}

let usual: { readonly trust: Trust; readonly certificate: string } | undefined

export async function tryPresentation(trial: Trial = {}): Promise<VerifiedPresentation> {
  usual ??= { trust: await trustWith([await signStatusList()]), certificate: await mint() }
  const minted = trial.mint === undefined ? usual.certificate : await mint(trial.mint)
  const presentation = await present(minted, trial.present)
  return verifyPresentation(trial.trust ?? usual.trust, presentation, demands(trial.demands))
}

/** `accepted`, or the code of the refusal. */
export const codeOfTrial = (trial: Trial = {}): Promise<string> =>
  tryPresentation(trial).then(() => 'accepted', codeOf)

export const codeOf = (error: unknown): string =>
  error instanceof CredentialError ? error.code : `fault: ${String(error)}`
