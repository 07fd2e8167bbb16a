import type { KeyStore } from '@netcert/agent'
import { epochSeconds } from '@netcert/credential'
import type { FirstKeys, IssuerKeyStore, StoredIssuerKey } from './issuer-key-store.js'
import { IssuerError } from './issuer-error.js'
import { KEY_ALIASES, KEY_LIFETIME_SECONDS } from './trust-list-content.js'

/** Uses whose keys lie in the key store and are changed in time. */
export const ROTATED_USES = ['credential', 'status', 'registrar', 'pack'] as const

export type RotatedUse = (typeof ROTATED_USES)[number]

/** Uses on record: the root's key is a file that is kept elsewhere. */
export type KeyUse = RotatedUse | 'root'

/** Published, not used yet · signs · is believed, signs no more · is believed no more. */
export type KeyState = 'next' | 'active' | 'retired' | 'revoked'

/** A key of the issuer, and how far it is on its way. */
export type IssuerKey = {
  /** Its name in the key store, and of its leaf certificate. */
  readonly alias: string
  readonly use: KeyUse
  readonly did: string
  readonly state: KeyState
  /** The window on the trust list, both ends included. */
  readonly notBefore: Date
  readonly notAfter: Date
  /** When verifiers could first fetch a trust list with it. */
  readonly publishedAt: Date | null
  readonly activatedAt: Date | null
  readonly retiredAt: Date | null
  readonly revokedAt: Date | null
  /** Nothing is believed of it from then on: earlier than when it was revoked, as far as is known. */
  readonly revokedSince: Date | null
}

/** The keys of an issuer as they are at each moment: another process can move them on. */
export type IssuerKeys = {
  /** From the oldest. @throws IssuerError `key_missing` when the first is not in the key store. */
  all(): Promise<readonly IssuerKey[]>
  /** The one that signs. @throws IssuerError `signing_key_none` */
  active(use: RotatedUse): Promise<IssuerKey>
  /** Rows of keys that have none yet. */
  first(): Promise<FirstKeys>
}

export type IssuerKeysParts = {
  readonly store: IssuerKeyStore
  readonly keyStore: Pick<KeyStore, 'get'>
  /** When the first keys were made. */
  readonly createdAt: Date
}

export function createIssuerKeys(parts: IssuerKeysParts): IssuerKeys {
  const { createdAt } = parts
  const didOf = rememberedDids(parts)
  const all = async (): Promise<readonly IssuerKey[]> => {
    const rows = await parts.store.keys()
    const first = (await firstKeys(createdAt, didOf, rows)).map(issuerKeyOf)
    // To the millisecond, as trust lists say that were signed before keys had rows.
    const window = { notBefore: createdAt, notAfter: later(createdAt, KEY_LIFETIME_SECONDS) }
    return [...first.map((key) => ({ ...key, ...window })), ...rows.map(issuerKeyOf)]
  }
  return {
    all,
    first: async () => firstKeys(createdAt, didOf, await parts.store.keys()),
    async active(use) {
      const key = (await all()).find((one) => one.use === use && one.state === 'active')
      if (key !== undefined) return key
      throw new IssuerError(
        'signing_key_none',
        `No ${use} key is active, so nothing is signed; run netcert keys activate --use ${use} --emergency.`,
      )
    },
  }
}

type DidOf = (alias: string) => Promise<string>

/** A name never gets another key, and it is asked for with each batch that is signed. */
function rememberedDids({ keyStore }: IssuerKeysParts): DidOf {
  const dids = new Map<string, string>()
  return async (alias) => {
    const did = dids.get(alias) ?? (await keyStore.get(alias))?.did
    if (did === undefined) throw keyMissing(alias)
    dids.set(alias, did)
    return did
  }
}

/** The first keys of an issuer have been active since it was made, until a row says otherwise. */
async function firstKeys(
  createdAt: Date,
  didOf: DidOf,
  rows: readonly StoredIssuerKey[],
): Promise<FirstKeys> {
  const first: StoredIssuerKey[] = []
  const at = epochSeconds(createdAt)
  for (const use of ROTATED_USES) {
    const alias = aliasOf(use, 1)
    if (rows.some((row) => row.alias === alias)) continue
    const did = await didOf(alias)
    const times = { not_before: at, not_after: at + KEY_LIFETIME_SECONDS, published_at: at }
    const since = { activated_at: at, retired_at: null, revoked_at: null, revoked_since: null }
    first.push({ alias, key_use: use, did, state: 'active', ...times, ...since })
  }
  return first
}

/** The name of the first, second … key of a use. */
export function aliasOf(use: KeyUse, number: number): string {
  return use === 'root' ? `root-${number}` : KEY_ALIASES[use].replace(/1$/, String(number))
}

/** @returns an IssuerError `key_missing` */
export function keyMissing(alias: string): IssuerError {
  const text = `The key ${alias} is not in the database; restore it from its backup.`
  return new IssuerError('key_missing', text)
}

function issuerKeyOf(row: StoredIssuerKey): IssuerKey {
  return {
    alias: row.alias,
    use: useOf(row.key_use),
    did: row.did,
    state: stateOf(row.state),
    notBefore: instant(row.not_before),
    notAfter: instant(row.not_after),
    publishedAt: instantOrNull(row.published_at),
    activatedAt: instantOrNull(row.activated_at),
    retiredAt: instantOrNull(row.retired_at),
    revokedAt: instantOrNull(row.revoked_at),
    revokedSince: instantOrNull(row.revoked_since),
  }
}

function useOf(text: string): KeyUse {
  const known = ROTATED_USES.find((use) => use === text)
  return known ?? (text === 'root' ? 'root' : 'credential')
}

/** What is not known is not trusted. */
function stateOf(text: string): KeyState {
  return text === 'next' || text === 'active' || text === 'retired' ? text : 'revoked'
}

function later(instantBefore: Date, seconds: number): Date {
  return new Date(instantBefore.getTime() + seconds * 1000)
}

function instant(seconds: number): Date {
  return new Date(seconds * 1000)
}

function instantOrNull(seconds: number | null): Date | null {
  return seconds === null ? null : instant(seconds)
}
