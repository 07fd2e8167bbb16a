import type { KeyStore } from '@netcert/agent'
import { epochSeconds } from '@netcert/credential'
import type { Access } from './audit/access.js'
import type { AuditTrail } from './audit/audit-trail.js'
import { certifyIssuerKey } from './certificate-authority.js'
import type { IssuerConfig } from './config.js'
import type { DataFolder } from './data-folder.js'
import { IssuerError } from './issuer-error.js'
import type { IssuerKeyStore, StoredIssuerKey } from './issuer-key-store.js'
import { aliasOf, type IssuerKey, type IssuerKeys, type RotatedUse } from './issuer-keys.js'
import { CERTIFIED_USES } from './issuer-signers.js'
import { keyModesOf } from './key-modes.js'
import { KEY_LEAD_SECONDS, KEY_PLANS } from './lists/key-plan.js'
import { assertLead, nextExists, nextMissing } from './lists/next-key.js'
import { KEY_LIFETIME_SECONDS } from './trust-list-content.js'

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

export type RevokeKeyOptions = {
  readonly alias: string
  /** Since when somebody else may have it; without it, nothing it ever signed is relied on. */
  readonly since?: Date
}

/** What an operator can do with the keys of certificates, status lists, registrar and packs. */
export type KeyRotation = {
  /**
   * Makes the key that will sign after the active one; the next trust list names it. Run again after
   * an interruption.
   *
   * @throws IssuerError `next_key_exists`, `signer_key_…`, `operator_…`; in x5c mode `ca_key_needed`,
   *   `ca_key_wrong`.
   */
  next(options: NextKeyOptions): Promise<IssuerKey>
  /**
   * Has the next key sign from now on. The active one is retired: what it signed stays good.
   *
   * @throws IssuerError `next_key_missing`, `next_key_early`; `key_missing`, `operator_…`.
   */
  activate(options: ActivateKeyOptions): Promise<IssuerKey>
  /**
   * Takes a key back, for good: from the next trust list on everything it signed is refused, and the
   * date says what had been good before. Again with an earlier date, when more is known.
   *
   * @throws IssuerError `signing_key_unknown`, `signing_key_revoked`, `revoked_since`,
   *   `root_not_revocable`, `operator_…`.
   */
  revoke(options: RevokeKeyOptions): Promise<IssuerKey>
}

export type KeyDeskParts = {
  readonly audit: AuditTrail
  readonly access: Access
  readonly keys: IssuerKeys
  readonly store: IssuerKeyStore
  readonly keyStore: KeyStore
  readonly folder: DataFolder
  readonly config: IssuerConfig
  readonly clock: () => Date
}

/** Rotation of the keys that lie in the key store. */
export function createKeyRotation(parts: KeyDeskParts): KeyRotation {
  return {
    next: (options) => makeNext(parts, options),
    activate: (options) => activate(parts, options),
    revoke: (options) => revoke(parts, options),
  }
}

async function makeNext(parts: KeyDeskParts, options: NextKeyOptions): Promise<IssuerKey> {
  const { keys, store, access } = parts
  access.require('keys')
  const { use } = options
  const known = (await keys.all()).filter((key) => key.use === use)
  if (known.some(({ state }) => state === 'next')) throw nextExists(use)
  const alias = aliasOf(use, known.length + 1)
  const did = await createKey(parts, alias)
  const notBefore = epochSeconds(parts.clock())
  const notAfter = notBefore + KEY_LIFETIME_SECONDS
  const window = { not_before: notBefore, not_after: notAfter }
  await certify(parts, { ...options, alias, did, notBefore, notAfter })
  // Until here nothing knows the key: whoever is interrupted begins with it again.
  const row: StoredIssuerKey = {
    alias,
    key_use: use,
    did,
    state: 'next',
    ...window,
    ...NOTHING_YET,
  }
  const { retiredLiveSeconds } = KEY_PLANS[use]
  const made = await store.putNext({ first: await keys.first(), row, retiredLiveSeconds }, (trx) =>
    parts.audit.append(trx, { event: 'key_made', subject: alias, details: { use } }),
  )
  if (!made) throw nextExists(use)
  await parts.audit.settle()
  return namedKey(parts, alias)
}

/** What has not happened yet to a key that was just made. */
export const NOTHING_YET = {
  published_at: null,
  activated_at: null,
  retired_at: null,
  revoked_at: null,
  revoked_since: null,
} as const

/** The leaf of a key that is certified, where anything of this issuer is found by certificate. */
async function certify(
  { config, folder }: KeyDeskParts,
  key: NextKeyOptions & Pick<IssuerKey, 'alias' | 'did'> & { notBefore: number; notAfter: number },
): Promise<void> {
  const use = CERTIFIED_USES.find((one) => one === key.use)
  const byCertificate = keyModesOf(config).used.some(({ mode }) => mode === 'x5c')
  if (use === undefined || !byCertificate) return
  await certifyIssuerKey({
    ...{ folder, use, alias: key.alias, did: key.did, baseUrl: config.base_url },
    caKeyFile: key.caKeyFile ?? folder.caKey,
    notBefore: dateOf(key.notBefore),
    notAfter: dateOf(key.notAfter),
  })
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
  const { keys, store, keyStore, clock, access, audit } = parts
  access.require('keys')
  const next = (await keys.all()).find((key) => key.use === use && key.state === 'next')
  if (next === undefined) throw nextMissing(use)
  const now = clock()
  assertLead(next, { now, emergency, leadSeconds: KEY_LEAD_SECONDS })
  // A key that does not open would end all signing.
  await keyStore.signer(next.alias)
  const details = { use, emergency }
  const isActive = await store.activate(use, epochSeconds(now), (trx) =>
    audit.append(trx, { event: 'key_activated', subject: next.alias, details }),
  )
  if (!isActive) throw nextMissing(use)
  await audit.settle()
  return namedKey(parts, next.alias)
}

async function revoke(parts: KeyDeskParts, { alias, since }: RevokeKeyOptions): Promise<IssuerKey> {
  const { keys, store, clock, access, audit } = parts
  access.requireTwo('keys')
  const key = (await keys.all()).find((one) => one.alias === alias)
  if (key === undefined) {
    const text = 'There is no such key of the issuer; netcert keys list shows their names.'
    throw new IssuerError('signing_key_unknown', text)
  }
  if (key.use === 'root' && key.state === 'active') throw rootNotRevocable()
  const at = epochSeconds(clock())
  const from = since === undefined ? 0 : epochSeconds(since)
  if (!(from <= at)) {
    const text = 'A key is taken back as of now or an earlier instant, ISO 8601 with a time zone.'
    throw new IssuerError('revoked_since', text)
  }
  const revocation = { alias, at, since: Math.max(from, epochSeconds(key.notBefore)) }
  const details = { use: key.use, since: revocation.since }
  const isRevoked = await store.revoke(await keys.first(), revocation, (trx) =>
    audit.append(trx, { event: 'key_revoked', subject: alias, details }),
  )
  if (!isRevoked) {
    const text = 'The key is revoked already, as of then or earlier; publish a new trust list.'
    throw new IssuerError('signing_key_revoked', text)
  }
  await audit.settle()
  return namedKey(parts, alias)
}

/** A key that must be on record. */
export async function namedKey(
  { keys }: Pick<KeyDeskParts, 'keys'>,
  alias: string,
): Promise<IssuerKey> {
  const key = (await keys.all()).find((one) => one.alias === alias)
  if (key === undefined) throw new TypeError('a key that was just written is on record')
  return key
}

function rootNotRevocable(): IssuerError {
  return new IssuerError(
    'root_not_revocable',
    'No list can take back the root that signs it: make the next root, activate it with --emergency, publish, and bring the new root.did to every verifier and wallet.',
  )
}

function dateOf(seconds: number): Date {
  return new Date(seconds * 1000)
}
