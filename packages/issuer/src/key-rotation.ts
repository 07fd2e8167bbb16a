import type { KeyStore } from '@netcert/agent'
import { epochSeconds } from '@netcert/credential'
import { certifyIssuerKey } from './certificate-authority.js'
import type { IssuerConfig } from './config.js'
import { COPY_POLICIES } from './copy-policy.js'
import type { DataFolder } from './data-folder.js'
import { IssuerError } from './issuer-error.js'
import type { IssuerKeyStore, StoredIssuerKey } from './issuer-key-store.js'
import { aliasOf, type IssuerKey, type IssuerKeys, type RotatedUse } from './issuer-keys.js'
import { keyModesOf } from './key-modes.js'
import { KEY_LIFETIME_SECONDS, TRUST_LIST_LIFETIME_SECONDS } from './trust-list-content.js'

/** A key signs for a quarter; after this `netcert doctor` asks for the next one. */
export const ROTATION_SECONDS = 92 * 86_400
/**
 * How long a key is published before it signs: when the last trust list without it has ended, nobody
 * is left who would refuse what it signs.
 */
export const KEY_LEAD_SECONDS = TRUST_LIST_LIFETIME_SECONDS
/** Nothing that a retired key signed is good for longer. Status lists live shorter. */
const RETIRED_LIVE_SECONDS = Math.max(
  ...COPY_POLICIES.map(({ lifetimeSeconds }) => lifetimeSeconds),
)

export type NextKeyOptions = {
  readonly use: RotatedUse
  /** The authority's key, where it is kept elsewhere than in the data folder; x5c only. */
  readonly caKeyFile?: string
}

export type ActivateKeyOptions = {
  readonly use: RotatedUse
  /** Takes it before everybody can know it: those who do not refuse what it signs until they do. */
  readonly emergency: boolean
}

/** What an operator can do with the issuer's keys. */
export type KeyDesk = {
  list(): Promise<readonly IssuerKey[]>
  /**
   * Makes the key that will sign after the active one; the next trust list names it. Run again after
   * an interruption.
   *
   * @throws IssuerError `next_key_exists`, `signer_key_…`; in x5c mode `ca_key_needed`, `ca_key_wrong`.
   */
  next(options: NextKeyOptions): Promise<IssuerKey>
  /**
   * Has the next key sign from now on. The active one is retired: what it signed stays good.
   *
   * @throws IssuerError `next_key_missing`, `next_key_early`; `key_missing`, `certificate_…`.
   */
  activate(options: ActivateKeyOptions): Promise<IssuerKey>
  /**
   * Takes a key off the next trust list, for good: everything it signed is refused then.
   *
   * @throws IssuerError `signing_key_unknown`, `signing_key_revoked`.
   */
  revoke(alias: string): Promise<IssuerKey>
}

export type KeyDeskParts = {
  readonly keys: IssuerKeys
  readonly store: IssuerKeyStore
  readonly keyStore: KeyStore
  readonly folder: DataFolder
  readonly config: IssuerConfig
  readonly clock: () => Date
}

export function createKeyDesk(parts: KeyDeskParts): KeyDesk {
  return {
    list: () => parts.keys.all(),
    next: (options) => makeNext(parts, options),
    activate: (options) => activate(parts, options),
    revoke: (alias) => revoke(parts, alias),
  }
}

async function makeNext(parts: KeyDeskParts, options: NextKeyOptions): Promise<IssuerKey> {
  const { keys, store, folder, config } = parts
  const { use } = options
  const known = (await keys.all()).filter((key) => key.use === use)
  if (known.some(({ state }) => state === 'next')) throw nextExists(use)
  const alias = aliasOf(use, known.length + 1)
  const did = await createKey(parts, alias)
  const notBefore = epochSeconds(parts.clock())
  const notAfter = notBefore + KEY_LIFETIME_SECONDS
  if (keyModesOf(config).used.some(({ mode }) => mode === 'x5c')) {
    const window = { notBefore: dateOf(notBefore), notAfter: dateOf(notAfter) }
    const caKeyFile = options.caKeyFile ?? folder.caKey
    await certifyIssuerKey({
      folder,
      use,
      alias,
      did,
      baseUrl: config.base_url,
      caKeyFile,
      ...window,
    })
  }
  // Until here nothing knows the key: whoever is interrupted begins with it again.
  const since = { published_at: null, activated_at: null, retired_at: null, revoked_at: null }
  const window = { not_before: notBefore, not_after: notAfter }
  const row: StoredIssuerKey = { alias, key_use: use, did, state: 'next', ...window, ...since }
  if (!(await store.putNext(await keys.first(), row, RETIRED_LIVE_SECONDS))) throw nextExists(use)
  return named(parts, alias)
}

/** The key of that name, made now or by a run that was interrupted: then it has to open. */
async function createKey({ keyStore, config }: KeyDeskParts, alias: string): Promise<string> {
  const type = config.algorithm === 'ES256' ? 'P-256' : 'Ed25519'
  try {
    return (await keyStore.create({ alias, type })).did
  } catch (error) {
    const exists = error instanceof Error && 'code' in error && error.code === 'key_exists'
    if (!exists) throw error
    return (await keyStore.signer(alias)).did
  }
}

async function activate(
  parts: KeyDeskParts,
  { use, emergency }: ActivateKeyOptions,
): Promise<IssuerKey> {
  const { keys, store, keyStore, clock } = parts
  const next = (await keys.all()).find((key) => key.use === use && key.state === 'next')
  if (next === undefined) throw nextMissing(use)
  const now = clock()
  const from = (next.publishedAt?.getTime() ?? Number.POSITIVE_INFINITY) + KEY_LEAD_SECONDS * 1000
  if (!emergency && now.getTime() < from) throw publishedLately(next)
  // A key that does not open would end all signing.
  await keyStore.signer(next.alias)
  if (!(await store.activate(use, epochSeconds(now)))) throw nextMissing(use)
  return named(parts, next.alias)
}

async function revoke(parts: KeyDeskParts, alias: string): Promise<IssuerKey> {
  const { keys, store, clock } = parts
  const known = (await keys.all()).some((key) => key.alias === alias)
  if (!known) {
    const text = 'There is no such key of the issuer; netcert keys list shows their names.'
    throw new IssuerError('signing_key_unknown', text)
  }
  const at = epochSeconds(clock())
  if (await store.revoke(await keys.first(), alias, at)) return named(parts, alias)
  throw new IssuerError(
    'signing_key_revoked',
    'The key is revoked already; publish a new trust list.',
  )
}

async function named({ keys }: KeyDeskParts, alias: string): Promise<IssuerKey> {
  const key = (await keys.all()).find((one) => one.alias === alias)
  if (key === undefined) throw new TypeError('a key that was just written is on record')
  return key
}

function nextExists(use: RotatedUse): IssuerError {
  return new IssuerError(
    'next_key_exists',
    `There is a next ${use} key already; publish it, and activate it in its time.`,
  )
}

function nextMissing(use: RotatedUse): IssuerError {
  return new IssuerError(
    'next_key_missing',
    `There is no next ${use} key; run netcert keys next --use ${use}, then netcert publish.`,
  )
}

function publishedLately({ publishedAt }: IssuerKey): IssuerError {
  const from =
    publishedAt === null
      ? 'It was never published; run netcert publish with the root key, and wait 30 days'
      : `Wait until ${new Date(publishedAt.getTime() + KEY_LEAD_SECONDS * 1000).toISOString()}`
  return new IssuerError(
    'next_key_early',
    `Verifiers with an older trust list would refuse what this key signs. ${from}, or use --emergency when the old key cannot be used.`,
  )
}

function dateOf(seconds: number): Date {
  return new Date(seconds * 1000)
}
