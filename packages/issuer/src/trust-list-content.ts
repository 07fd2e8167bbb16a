import { createHash } from 'node:crypto'
import type { TrustListContent } from '@netcert/credential'
import type { KeyModes } from './key-modes.js'

/** Aliases of the issuer's keys in its key store. */
export const KEY_ALIASES = {
  credential: 'issuer-1',
  status: 'status-1',
  registrar: 'registrar-1',
  pack: 'pack-1',
} as const

/** How long a key may sign; `netcert doctor` warns in good time. */
export const KEY_LIFETIME_SECONDS = 2 * 365 * 86_400
/** A trust list is good for 30 days. */
export const TRUST_LIST_LIFETIME_SECONDS = 30 * 86_400

/** What a trust list says, apart from its number and times. */
export type TrustListFacts = Pick<TrustListContent, 'nextRoot' | 'issuers' | 'registrars'>

export type IssuerDids = Readonly<Record<keyof typeof KEY_ALIASES, string>>

/**
 * The issuer and registrar of a data folder, as the trust list names them: with certificates of both
 * key modes it has two names, and the same keys under each.
 */
export function trustListFacts(options: {
  readonly dids: IssuerDids
  readonly baseUrl: string
  readonly keyModes: KeyModes
  /** When the keys were made. */
  readonly createdAt: Date
}): TrustListFacts {
  const { dids, baseUrl, keyModes, createdAt } = options
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
        { did: dids.credential, use: 'credential' as const, ...window },
        { did: dids.status, use: 'status' as const, ...window },
        { did: dids.pack, use: 'pack' as const, ...window },
      ],
    })),
    registrars: [{ did: dids.registrar, ...window }],
  }
}

/** Tells whether a stored list still says the same. */
export function contentDigest(facts: TrustListFacts): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('base64url')
}
