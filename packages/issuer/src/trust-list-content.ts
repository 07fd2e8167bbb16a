import { createHash } from 'node:crypto'
import { certificateTypes, type TrustListContent } from '@netcert/credential'
import type { KeyMode } from './config.js'

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

/** The one issuer and registrar of a data folder, as the trust list names them. */
export function trustListFacts(options: {
  readonly dids: IssuerDids
  readonly baseUrl: string
  readonly keyMode: KeyMode
  /** When the keys were made. */
  readonly createdAt: Date
}): TrustListFacts {
  const { dids, baseUrl, keyMode, createdAt } = options
  const notAfter = new Date(createdAt.getTime() + KEY_LIFETIME_SECONDS * 1000)
  const window = { notBefore: createdAt, notAfter }
  return {
    nextRoot: null,
    issuers: [
      {
        did: keyMode === 'x5c' ? baseUrl : dids.credential,
        mechanism: keyMode,
        statusUriPrefix: `${baseUrl}/status/`,
        types: [...certificateTypes.keys()],
        keys: [
          { did: dids.credential, use: 'credential', ...window },
          { did: dids.status, use: 'status', ...window },
          { did: dids.pack, use: 'pack', ...window },
        ],
      },
    ],
    registrars: [{ did: dids.registrar, ...window }],
  }
}

/** Tells whether a stored list still says the same. */
export function contentDigest(facts: TrustListFacts): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('base64url')
}
