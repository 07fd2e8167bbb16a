import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { KeyStore } from '@netcert/agent'
import type { SignatureAlgorithm } from '@netcert/credential'
import { syncFolder, writeAtomically } from './atomic-file.js'
import { createIssuerCertificates } from './certificate-authority.js'
import {
  AUDIT_DIR,
  COOLDOWN_DAYS,
  type IssuerConfig,
  type KeyMode,
  normalBaseUrl,
} from './config.js'
import { type DataFolder, dataFolder } from './data-folder.js'
import { databaseConfig } from './database-location.js'
import { ENVIRONMENT_FACT, issuerDids } from './issuer-assembly.js'
import { IssuerError } from './issuer-error.js'
import { establishPlatformNumberKey } from './platform-number-key.js'
import { createIssuerKeys } from './issuer-keys.js'
import { keyModesOf } from './key-modes.js'
import { PUBLISH_TICK_MINUTES } from './lists/publishing-tick.js'
import { createRootKey } from './root-key.js'
import type { SourceStore } from './source-store.js'
import type { IssuerStore } from './store.js'
import { KEY_ALIASES, trustListFacts } from './trust-list-content.js'
import { signTrustList } from './trust-list-signing.js'
import { assertConfigurationIds } from './vci-configurations.js'

export type InitOptions = {
  /** The data folder; it must not exist yet, or be empty. */
  readonly dir: string
  /** Where the published files will be served; it stands in certificates. */
  readonly baseUrl: string
  /** Signatures of the issuer; ES256 unless said otherwise. */
  readonly algorithm?: SignatureAlgorithm
  /** How verifiers find the keys; did:key unless said otherwise. */
  readonly keyMode?: KeyMode
  /** See `IssuerConfig.cooldown_days`; 30 unless said otherwise. */
  readonly cooldownDays?: number
  /** See `IssuerConfig.audit_dir`; `audit` unless said otherwise. */
  readonly auditDir?: string
  /** Credential configurations for which it is otherwise. */
  readonly keyModes?: IssuerConfig['key_modes']
  readonly now: Date
  /** A file (mode 0600) with the URL of a PostgreSQL database; SQLite in the folder without. */
  readonly databaseUrlFile?: string
  /** The same for the authentic source, which has a database of its own. */
  readonly sourceDatabaseUrlFile?: string
}

export type InitReport = {
  /** The pin that verifiers and wallets are given; also in `root.did`. */
  readonly rootDid: string
  readonly issuerDid: string
  /** `iss` of the certificates: the same identifier, or the base URL in x5c mode. */
  readonly iss: string
  readonly keyMode: KeyMode
  /** Every `iss` of the trust list; two where configurations differ in their key mode. */
  readonly issuers: readonly string[]
  readonly environment: string
  readonly baseUrl: string
}

/** The configuration of a new data folder. @throws IssuerError `base_url`, `type_unknown`. */
export function newConfig(options: InitOptions): IssuerConfig {
  const { keyModes = {} } = options
  if (Object.keys(keyModes).length > 0) assertConfigurationIds(Object.keys(keyModes))
  return {
    environment: `e_${randomBytes(16).toString('hex')}`,
    base_url: normalBaseUrl(options.baseUrl),
    created_at: options.now.toISOString(),
    algorithm: options.algorithm ?? 'ES256',
    key_mode: options.keyMode ?? 'did:key',
    cooldown_days: options.cooldownDays ?? COOLDOWN_DAYS,
    publish_tick_minutes: PUBLISH_TICK_MINUTES,
    key_modes: keyModes,
    audit_dir: options.auditDir ?? AUDIT_DIR,
    retention: {},
    backup: null,
    database: databaseConfig('issuer', options.databaseUrlFile),
    source: databaseConfig('source', options.sourceDatabaseUrlFile),
  }
}

/**
 * Builds a data folder beside its place and moves it there when it is whole, so that an
 * interrupted start leaves nothing that looks like an issuer.
 *
 * @throws IssuerError `already_initialised` when there is something at `dir`.
 */
export async function buildFolder<Result>(
  dir: string,
  build: (folder: DataFolder) => Promise<Result>,
): Promise<Result> {
  const place = resolve(dir)
  await assertFree(place)
  await mkdir(dirname(place), { recursive: true, mode: 0o700 })
  const partial = dataFolder(`${place}.${randomBytes(6).toString('hex')}.partial`)
  await mkdir(partial.dir, { mode: 0o700 })
  try {
    await mkdir(partial.secrets, { mode: 0o700 })
    const result = await build(partial)
    await chmod(partial.dir, 0o700)
    // Takes the place of an empty folder; a folder that was filled meanwhile makes it fail.
    await rename(partial.dir, place).catch((error: unknown) => {
      throw alreadyInitialised(place, error)
    })
    await syncFolder(dirname(place))
    return result
  } catch (error) {
    await rm(partial.dir, { recursive: true, force: true })
    throw error
  }
}

export type NewIssuer = {
  readonly folder: DataFolder
  readonly config: IssuerConfig
  readonly keyStore: KeyStore
  readonly store: IssuerStore
  readonly sourceStore: SourceStore
}

/** Fills open, empty databases: keys, the first status list, the first trust list. */
export async function fillIssuer(parts: NewIssuer): Promise<InitReport> {
  const { folder, config, keyStore, store, sourceStore } = parts
  await claimDatabases(parts)
  const type = config.algorithm === 'ES256' ? 'P-256' : 'Ed25519'
  await keyStore.createMany({ aliases: Object.values(KEY_ALIASES), type })
  await store.lists.openFirstList()
  await establishPlatformNumberKey(folder.platformNumberKey, store.lists)
  const rootSigner = await createRootKey(folder.rootKey, config.algorithm)
  const dids = await issuerDids(keyStore)
  const createdAt = new Date(config.created_at)
  const { base_url: baseUrl, key_mode: keyMode } = config
  const keyModes = keyModesOf(config)
  if (keyModes.used.some(({ mode }) => mode === 'x5c')) {
    await createIssuerCertificates({ folder, dids, baseUrl, createdAt })
  }
  const keys = await createIssuerKeys({ store: store.issuerKeys, keyStore, createdAt }).all()
  const facts = trustListFacts({ dids, baseUrl, keyModes, keys })
  const rootDid = rootSigner.did
  await signTrustList({ lists: store.lists, facts, rootDid, now: createdAt }, rootSigner)
  await sourceStore.putFact(ENVIRONMENT_FACT, config.environment)
  await writeAtomically(folder.rootDid, `${rootDid}\n`, 0o644)
  await writeAtomically(folder.config, `${JSON.stringify(config, null, 2)}\n`, 0o600)
  return {
    rootDid,
    issuerDid: dids.credential,
    iss: keyMode === 'x5c' ? baseUrl : dids.credential,
    keyMode,
    issuers: facts.issuers.map(({ did }) => did),
    environment: config.environment,
    baseUrl,
  }
}

/** A PostgreSQL database can hold an issuer already: it is never taken over. */
async function claimDatabases({ config, store, sourceStore }: NewIssuer): Promise<void> {
  const facts = [
    await store.lists.getFact(ENVIRONMENT_FACT),
    await sourceStore.getFact(ENVIRONMENT_FACT),
  ]
  if (facts.some((fact) => fact !== undefined)) {
    throw new IssuerError(
      'already_initialised',
      'A database named for this issuer belongs to one already; name an empty database.',
    )
  }
  await store.lists.putFact(ENVIRONMENT_FACT, config.environment)
}

async function assertFree(dir: string): Promise<void> {
  const names = await readdir(dir).catch((error: unknown) => {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (missing) return []
    throw alreadyInitialised(dir, error)
  })
  if (names.length > 0) throw alreadyInitialised(dir)
}

function alreadyInitialised(dir: string, cause?: unknown): IssuerError {
  return new IssuerError(
    'already_initialised',
    `There is something at ${dir} already, and it is not touched; name a new folder.`,
    { cause },
  )
}
