import { createHash } from 'node:crypto'
import type { TrustListContent } from '@netcert/credential'
import type { IssuerKey } from './issuer-keys.js'
import type { KeyModes } from './key-modes.js'

/** Aliases of the issuer's keys in its key store. */
export const KEY_ALIASES = {
  credential: 'issuer-1',
  status: 'status-1',
  registrar: 'registrar-1',
  pack: 'pack-1',
} as const

/** How long a key is believed; `netcert doctor` warns in good time. */
export const KEY_LIFETIME_SECONDS = 2 * 365 * 86_400
/** A trust list is good for 30 days. */
export const TRUST_LIST_LIFETIME_SECONDS = 30 * 86_400

/** What a trust list says, apart from its number and times. */
export type TrustListFacts = Pick<TrustListContent, 'nextRoot' | 'issuers' | 'registrars'>

export type IssuerDids = Readonly<Record<keyof typeof KEY_ALIASES, string>>

/**
 * The issuer and registrar of a data folder, as the trust list names them: with certificates of both
 * key modes it has two names, and the same keys under each. By did:key its name is that of its first
 * key for good, also when others sign and that one is revoked: accounts at platforms hang on it.
 */
export function trustListFacts(options: {
  readonly dids: IssuerDids
  readonly baseUrl: string
  readonly keyModes: KeyModes
  /** Of `IssuerKeys`. */
  readonly keys: readonly IssuerKey[]
  /** When the keys were made. */
  readonly createdAt: Date
}): TrustListFacts {
  const { dids, baseUrl, keyModes, keys, createdAt } = options
  const notAfter = new Date(createdAt.getTime() + KEY_LIFETIME_SECONDS * 1000)
  const window = { notBefore: createdAt, notAfter }
  return {
    nextRoot: null,
    issuers: keyModes.used.map(({ mode, types }) => ({
      did: mode === 'x5c' ? baseUrl : dids.credential,
      mechanism: mode,
      statusUriPrefix: `${baseUrl}/status/`,
      types,
      keys: [
        ...listed(keys, 'credential'),
        ...listed(keys, 'status'),
        { did: dids.pack, use: 'pack' as const, ...window },
      ],
    })),
    registrars: [{ did: dids.registrar, ...window }],
  }
}

/** A key that is not used yet or no more is believed as well; one that was revoked is not named. */
function listed(keys: readonly IssuerKey[], use: IssuerKey['use']) {
  return keys
    .filter((key) => key.use === use && key.state !== 'revoked')
    .map(({ did, notBefore, notAfter }) => ({ did, use, notBefore, notAfter }))
}

/** Tells whether a stored list still says the same. */
export function contentDigest(facts: TrustListFacts): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('base64url')
}
