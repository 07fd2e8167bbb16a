import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import {
  AgentError,
  createMasterKey,
  type Database,
  keyStoreMigrations,
  openDatabase,
  openKeyStore,
  openVault,
} from '@netcert/agent'
import type { Actor } from './audit/access.js'
import { openAudit, recordBegin } from './audit/audit-opening.js'
import type { AuditTrail } from './audit/audit-trail.js'
import type { CertificateSigner } from './certificate-signer.js'
import { type DatabaseConfig, type IssuerConfig, readIssuerConfig } from './config.js'
import { assertPrivate, dataFolder } from './data-folder.js'
import { databaseLocation } from './database-location.js'
import type { Problem } from './examination.js'
import {
  buildFolder,
  fillIssuer,
  type InitOptions,
  type InitReport,
  newConfig,
} from './initialisation.js'
import type { Issuer } from './issuer.js'
import { assembleIssuer, assertEnvironment, type IssuerGround } from './issuer-assembly.js'
import { IssuerError } from './issuer-error.js'
import { type IssuerSchema, issuerMigrations } from './issuer-schema-store.js'
import { establishPlatformNumberKey } from './platform-number-key.js'
import { createSignatureStore } from './signature-store.js'
import { assembleSigner } from './signer-assembly.js'
import { createSignerKey, foreignSignerKeys, heldSignerKeys } from './signer-key-open.js'
import { createSourceStore, type SourceSchema, sourceMigrations } from './source-store.js'
import { createIssuerStore } from './store.js'
import { createRequestKeyStore } from './vci-request-key-store.js'
import { createRequestKeys } from './vci-request-keys.js'

export type OpenIssuerOptions = {
  /** The data folder, as `initIssuer` made it. */
  readonly dir: string
  readonly clock: () => Date
  /** The signer that is asked for certificates; this process signs when nothing else is said. */
  readonly certificates?: CertificateSigner
  /** Who is at work: whoever may read the data folder when nothing else is said. */
  readonly actor?: Actor
  /** Key file of the operator who is at work, where operators are registered. */
  readonly operatorKeyFile?: string | undefined
  /** Of another one, for what two have to do together. */
  readonly secondKeyFile?: string | undefined
}

export type OpenedIssuer = { readonly issuer: Issuer; close(): Promise<void> }

/**
 * Opens the issuer of a data folder.
 *
 * @throws IssuerError `not_initialised`, `config_malformed`, `unsafe_mode`,
 *   `environment_mismatch`, `key_missing`, `operator_…`; AgentError of database and master key.
 */
export async function openIssuer(options: OpenIssuerOptions): Promise<OpenedIssuer> {
  const { issuer, close } = await openIssuerGround(options)
  return { issuer, close }
}

/** An issuer and what it stands on: for the servers that work beside it. */
export type OpenedIssuerGround = OpenedIssuer & { readonly ground: IssuerGround }

/**
 * Opens the issuer of a data folder together with what it stands on.
 *
 * @throws see `openIssuer`.
 */
export async function openIssuerGround({
  dir,
  clock,
  certificates,
  ...who
}: OpenIssuerOptions): Promise<OpenedIssuerGround> {
  const folder = dataFolder(dir)
  const config = await readIssuerConfig(folder.config)
  await assertPrivate(folder)
  const vault = await openVault({ masterKeyFile: folder.masterKey })
  return withDatabases({ dir, config, create: false }, async (databases) => {
    const { database } = databases
    const apart = certificates === undefined ? heldSignerKeys(folder) : foreignSignerKeys()
    const keyStore = await openKeyStore({ database, vault, apart })
    if (certificates !== undefined) {
      assertEnvironment(config, (await certificates.describe()).environment)
    }
    const rootDid = (await readFile(folder.rootDid, 'utf8')).trim()
    const base = { config, folder, vault, keyStore, rootDid, clock, ...databases }
    const opened = await openAudit({ ...who, ...base, dir })
    const ground = {
      ...base,
      ...opened,
      certificates: certificates ?? (await assembleSigner(base)),
      signatures: createSignatureStore(database),
      requestKeys: createRequestKeys({ store: createRequestKeyStore(database), vault, clock }),
    }
    const close = (): Promise<void> => closeAfter(opened.audit, databases)
    return { ground, issuer: await assembleIssuer(ground), close }
  })
}

/**
 * Makes a new issuer: root, registrar, issuer, status and pack keys, two databases, and the first
 * trust list. The root key lies in `secrets/root.key` until it is moved offline.
 *
 * @throws IssuerError `already_initialised`, `base_url`, `unsafe_mode`, `config_malformed`.
 */
export async function initIssuer(options: InitOptions): Promise<InitReport> {
  const config = newConfig(options)
  return buildFolder(options.dir, async (folder) => {
    await createMasterKey(folder.masterKey)
    await createSignerKey(folder)
    const vault = await openVault({ masterKeyFile: folder.masterKey })
    return withDatabases({ dir: folder.dir, config, create: true }, async (databases) => {
      const store = createIssuerStore(databases.database)
      const sourceStore = createSourceStore(databases.sourceDatabase)
      const apart = heldSignerKeys(folder)
      const keyStore = await openKeyStore({ database: databases.database, vault, apart })
      const report = await fillIssuer({ folder, config, keyStore, store, sourceStore })
      const place = resolve(options.dir)
      await recordBegin({ dir: folder.dir, place, config, keyStore, ...databases }, options.now)
      await closeAll(databases)
      return report
    })
  })
}

/**
 * Gives an issuer from before there were platform numbers the key they are made with. Once and
 * never again: with another key every number would change.
 *
 * @throws IssuerError `already_initialised` where there is such a key, or was; `not_initialised`.
 */
export async function addPlatformNumberKey({ dir }: { readonly dir: string }): Promise<void> {
  const folder = dataFolder(dir)
  const config = await readIssuerConfig(folder.config)
  await assertPrivate(folder)
  await withDatabases({ dir, config, create: false }, async (databases) => {
    const { lists } = createIssuerStore(databases.database)
    await establishPlatformNumberKey(folder.platformNumberKey, lists)
    await closeAll(databases)
  })
}

/** What is wrong with an issuer, one that does not even open included. */
export async function examineIssuer(options: OpenIssuerOptions): Promise<readonly Problem[]> {
  try {
    const { issuer, close } = await openIssuer(options)
    try {
      return await issuer.examine()
    } finally {
      await close()
    }
  } catch (error) {
    if (!(error instanceof IssuerError || error instanceof AgentError)) throw error
    const cure = 'Do what the message says, then run netcert doctor again.'
    return [{ code: 'not_opened', what: `${error.code}: ${error.message}`, cure }]
  }
}

type Databases = {
  readonly database: Database<IssuerSchema>
  readonly sourceDatabase: Database<SourceSchema>
}

type DatabaseOptions = {
  readonly dir: string
  readonly config: IssuerConfig
  readonly create: boolean
}

/** Opens the issuer's own database, without the authentic source. @throws AgentError, IssuerError */
export function openIssuerDatabase(
  dir: string,
  config: IssuerConfig,
  create = false,
): Promise<Database<IssuerSchema>> {
  return openOne<IssuerSchema>(dir, config.database, (engine) => ({
    migrations: [...keyStoreMigrations, ...issuerMigrations(engine)],
    create,
  }))
}

/** Opens both databases for `use`, and closes what is open when anything fails. */
async function withDatabases<Result>(
  { dir, config, create }: DatabaseOptions,
  use: (databases: Databases) => Promise<Result>,
): Promise<Result> {
  const database = await openIssuerDatabase(dir, config, create)
  try {
    const sourceDatabase = await openOne<SourceSchema>(dir, config.source, () => ({
      migrations: sourceMigrations,
      create,
    }))
    try {
      return await use({ database, sourceDatabase })
    } catch (error) {
      await sourceDatabase.close()
      throw error
    }
  } catch (error) {
    await database.close()
    throw error
  }
}

type SchemaOf = (
  engine: 'sqlite' | 'postgres',
) => Pick<Parameters<typeof openDatabase>[0], 'migrations' | 'create'>

async function openOne<S>(
  dir: string,
  config: DatabaseConfig,
  schemaOf: SchemaOf,
): Promise<Database<S>> {
  const location = await databaseLocation(dir, config)
  const engine = 'sqlite' in location ? 'sqlite' : 'postgres'
  return openDatabase<S>({ location, ...schemaOf(engine) })
}

/** A head that cannot be signed keeps nothing open. */
async function closeAfter(audit: AuditTrail, databases: Databases): Promise<void> {
  try {
    await audit.close()
  } finally {
    await closeAll(databases)
  }
}

async function closeAll({ database, sourceDatabase }: Databases): Promise<void> {
  await sourceDatabase.close()
  await database.close()
}
