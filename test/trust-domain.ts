import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  certificateType,
  createCredential,
  createEmptyStatusList,
  createStatusList,
  createTrust,
  createTrustList,
  generateSigner,
  type JsonObject,
  NETWORK_CERTIFICATE,
  type PublicJwk,
  type Signer,
  STATUS_INVALID,
  STATUS_SUSPENDED,
  type Trust,
  withStatusLists,
  writeStatus,
} from '@netcert/credential'
import { createPresentation } from '@netcert/credential/holder'

const HOUR = 3_600_000
const STATUS_ENTRIES = 1_024

/** An instant on the hour, so that what is rounded to the hour stays what it is. */
export const testNow = new Date('2026-03-01T08:00:00Z')

/** The same instant, so many seconds later. */
export const later = (seconds: number, from = testNow) => new Date(from.getTime() + seconds * 1000)

/** Claims of an adult, enough for every named query about facts. */
export const adultClaims: JsonObject = {
  network_number: '7K2M9Q4T1V8W3X5Y6Z0A42',
  real_person: 'document+face',
  age_equal_or_over: { '14': true, '16': true, '18': true, '60': false, '65': false },
  age_band: '18+',
  residence_region: '990100',
  family_name: 'Beispiel',
}

/** What the gate pass of an adult says. */
export const gateClaims: JsonObject = {
  real_person: 'document',
  ...{ age_over_14: true, age_over_18: true, age_over_60: false },
}

/** A holder key as a wallet has it. */
export type Holder = { readonly signer: Signer; readonly jwk: PublicJwk }

/** A root, one issuer and its status list, with real keys. */
export type TrustDomain = {
  readonly rootDid: string
  readonly issuerDid: string
  /** On the trust list as the one who accredits platforms. */
  readonly registrar: Signer
  trustListToken(options?: {
    sequence?: number
    issuedAt?: Date
    expiresAt?: Date
  }): Promise<string>
  statusListToken(options?: {
    revoked?: readonly number[]
    suspended?: readonly number[]
    issuedAt?: Date
  }): Promise<string>
  /** Trust at `testNow` with the given status lists, else with one in which all are valid. */
  trust(statusListTokens?: readonly string[]): Promise<Trust>
  /** One certificate for the holder; with `status`, its index in the list. */
  mint(options: {
    jwk: PublicJwk
    vct?: string
    claims?: JsonObject
    status?: number
    expiresAt?: Date
  }): Promise<string>
  /** Writes `trust-list.jwt` and `status/1.jwt`. */
  publish(folder: string, tokens?: { trustList?: string; statusList?: string }): Promise<void>
}

/** With everything issued at `now`. */
export async function createTrustDomain(now = testNow): Promise<TrustDomain> {
  const { signer: root } = await generateSigner('ES256')
  const { signer: issuer } = await generateSigner('ES256')
  const { signer: status } = await generateSigner('ES256')
  const { signer: registrar } = await generateSigner('ES256')
  const prefix = 'https://issuer.example/status/'
  const window = { notBefore: later(-86_400, now), notAfter: later(365 * 86_400, now) }

  const trustListToken: TrustDomain['trustListToken'] = ({
    sequence = 1,
    issuedAt = now,
    expiresAt = later(30 * 86_400, issuedAt),
  } = {}) =>
    createTrustList({
      rootSigner: root,
      content: {
        sequence,
        issuedAt,
        expiresAt,
        nextRoot: null,
        registrars: [{ did: registrar.did, ...window }],
        issuers: [
          {
            did: issuer.did,
            mechanism: 'did:key',
            statusUriPrefix: prefix,
            types: [
              NETWORK_CERTIFICATE,
              'urn:netcert:gate-pass:1',
              'urn:netcert:ward-certificate:1',
              'urn:netcert:guardianship:1',
            ],
            keys: [
              { did: issuer.did, use: 'credential', ...window },
              { did: status.did, use: 'status', ...window },
            ],
          },
        ],
      },
    })

  const statusListToken: TrustDomain['statusListToken'] = ({
    revoked = [],
    suspended = [],
    issuedAt = now,
  } = {}) => {
    const list = createEmptyStatusList(2, STATUS_ENTRIES)
    for (const index of revoked) writeStatus(list, index, STATUS_INVALID)
    for (const index of suspended) writeStatus(list, index, STATUS_SUSPENDED)
    return createStatusList({
      uri: `${prefix}1`,
      bits: 2,
      entries: list.bytes,
      signer: status,
      issuedAt,
      expiresAt: later(7 * 86_400, issuedAt),
      ttlSeconds: 12 * 3_600,
    })
  }

  return {
    rootDid: root.did,
    issuerDid: issuer.did,
    registrar,
    trustListToken,
    statusListToken,
    async trust(tokens) {
      const trust = await createTrust({
        trustListToken: await trustListToken(),
        rootDids: [root.did],
        now,
        graceSeconds: 0,
        minimumSequence: 0,
      })
      return (await withStatusLists(trust, tokens ?? [await statusListToken()], now)).trust
    },
    mint: ({ jwk, vct = NETWORK_CERTIFICATE, claims = adultClaims, status: index, expiresAt }) =>
      createCredential({
        type: certificateType(vct),
        signer: issuer,
        holderJwk: jwk,
        claims,
        issuedAt: new Date(now.getTime() - HOUR),
        expiresAt: expiresAt ?? later(7 * 86_400, now),
        status: index === undefined ? null : { uri: `${prefix}1`, index },
      }),
    async publish(folder, tokens = {}) {
      await mkdir(join(folder, 'status'), { recursive: true })
      await writeFile(join(folder, 'trust-list.jwt'), tokens.trustList ?? (await trustListToken()))
      await writeFile(
        join(folder, 'status', '1.jwt'),
        tokens.statusList ?? (await statusListToken()),
      )
    },
  }
}

/** A fresh holder key. */
export const createHolder = (): Promise<Holder> => generateSigner('ES256')

/** Shows claims of a certificate; of an adult's, by default, that they are 18. */
export function presentTo(options: {
  credential: string
  holder: Holder
  audience: string
  nonce: string
  paths?: readonly (readonly string[])[]
  issuedAt?: Date
}): Promise<string> {
  const { holder, paths = [['age_equal_or_over', '18']], issuedAt = testNow, ...rest } = options
  return createPresentation({ ...rest, paths, signer: holder.signer, issuedAt })
}
