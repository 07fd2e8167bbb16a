import { createHash } from 'node:crypto'
import type { TrustedKey, TrustedRegistrar, TrustListContent } from '@netcert/credential'
import type { IssuerKey, KeyUse } from './issuer-keys.js'
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

/** Name of the fact that says how far sequence numbers were public before a restore. */
export const TRUST_LIST_FLOOR = 'trust_list_floor'

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
}): TrustListFacts {
  const { dids, baseUrl, keyModes, keys } = options
  const next = keys.find(({ use, state }) => use === 'root' && state === 'next')
  return {
    nextRoot: next?.did ?? null,
    issuers: keyModes.used.map(({ mode, types }) => ({
      did: mode === 'x5c' ? baseUrl : dids.credential,
      mechanism: mode,
      statusUriPrefix: `${baseUrl}/status/`,
      types,
      keys: [...listed(keys, 'credential'), ...listed(keys, 'status'), ...listed(keys, 'pack')],
    })),
    registrars: believed(keys, 'registrar').map(windowOf),
  }
}

function listed(keys: readonly IssuerKey[], use: TrustedKey['use']): readonly TrustedKey[] {
  return believed(keys, use).map((key) => {
    const { did, ...window } = windowOf(key)
    return { did, use, ...window }
  })
}

/**
 * A key that is not used yet or no more is believed as well. One that was taken back is named with
 * its date, unless it never was on a list and never signed.
 */
function believed(keys: readonly IssuerKey[], use: KeyUse): readonly IssuerKey[] {
  const isKnown = ({ state, publishedAt, activatedAt }: IssuerKey) =>
    state !== 'revoked' || publishedAt !== null || activatedAt !== null
  return keys.filter((key) => key.use === use && isKnown(key))
}

function windowOf({ did, notBefore, notAfter, revokedSince }: IssuerKey): TrustedRegistrar {
  return { did, notBefore, notAfter, ...(revokedSince === null ? {} : { revokedAt: revokedSince }) }
}

/** Tells whether a stored list still says the same. */
export function contentDigest(facts: TrustListFacts): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('base64url')
}
