import { constants } from 'node:fs'
import { access, readFile } from 'node:fs/promises'
import {
  AgentError,
  createMasterKey,
  type Database,
  type KeyStore,
  type KeyStoreSchema,
  keyStoreMigrations,
  openDatabase,
  openKeyStore,
  openVault,
  type Vault,
} from '@netcert/agent'
import { freshnessPolicies, type Trust } from '@netcert/credential'
import { parsePemCertificates, readLeaf, x509HashOf } from '@netcert/protocol'
import { readBrowserScript } from './browser-script.js'
import { databaseLocation } from './database-location.js'
import { VerifierError } from './errors.js'
import type { PlatformOptions } from './platform.js'
import { qrRows } from './qr-code.js'
import { verifierMigrations, type VerifierTables } from './store.js'
import {
  assertBaseUrl,
  readSettings,
  type VerifierFolder,
  type VerifierSettings,
  verifierFolder,
} from './verifier-folder.js'
import type { RequestIdentity } from './vp-request-message.js'
import { databaseVpSessions, type VpTables, vpMigrations } from './vp-store.js'
import type { TransactionTypes } from './vp-transaction.js'
import { createVpVerifier, type VpVerifier } from './vp-verifier.js'

/** Alias of the key that signs requests. */
export const REQUEST_KEY = 'request-1'

type Tables = KeyStoreSchema & VerifierTables & VpTables

/** What lies under a verifier: keys and sessions of one data folder. */
export type VerifierGround = {
  readonly database: Database<Tables>
  readonly keyStore: KeyStore
  readonly vault: Vault
}

/** Opens keys and sessions; `create` makes them. @throws As {@link createVerifierGround} */
async function openVerifierGround(
  folder: VerifierFolder,
  options: { readonly create: boolean; readonly settings: Pick<VerifierSettings, 'database'> },
): Promise<VerifierGround> {
  const { create, settings } = options
  const location = await databaseLocation(folder, settings.database)
  if (create) await createMasterKey(folder.masterKey)
  const vault = await openVault({ masterKeyFile: folder.masterKey })
  const database = await openDatabase<Tables>({
    location,
    migrations: [...keyStoreMigrations, ...verifierMigrations, ...vpMigrations],
    create,
  })
  try {
    return { database, vault, keyStore: await openKeyStore({ database, vault }) }
  } catch (error) {
    await database.close()
    throw error
  }
}

/**
 * Makes keys and sessions. A PostgreSQL database can hold a verifier already: it is not taken over.
 *
 * @throws VerifierError `already_initialised`, `config_invalid`; AgentError
 */
export async function createVerifierGround(
  folder: VerifierFolder,
  settings: VerifierSettings,
): Promise<VerifierGround> {
  return openVerifierGround(folder, { create: true, settings }).catch((cause: unknown) => {
    // Another master key sealed the check value there, or another role made the schema.
    const taken = ['master_key_wrong', 'schema_newer']
    if (!(cause instanceof AgentError && taken.includes(cause.code))) throw cause
    throw new VerifierError(
      'already_initialised',
      'the database named for this verifier is in use already; name an empty one.',
      { cause },
    )
  })
}

/** Opens the keys of a verifier that is there, for work on them. @throws AgentError */
export function openVerifierKeys(
  folder: VerifierFolder,
  settings: Pick<VerifierSettings, 'database'>,
): Promise<VerifierGround> {
  return openVerifierGround(folder, { create: false, settings })
}

/** Options of {@link openPlatform}. */
export type OpenPlatformOptions = {
  /** A data folder that `initVerifier` made. */
  readonly dir: string
  readonly clock: () => Date
  /** Plain http on this machine: for development, never on by itself. */
  readonly allowHttpLoopback: boolean
  /** The trust of the moment; without it answers cannot be judged here, only asked for. */
  readonly trust?: () => Trust | Promise<Trust>
  /** What presenting may authorise, by type; nothing unless stated. */
  readonly transactionTypes?: TransactionTypes
}

/** Everything `verifier()` needs but the queries. */
export type OpenPlatform = Pick<PlatformOptions, 'engine' | 'baseUrl' | 'drawQr' | 'script'> & {
  readonly engine: VpVerifier
  readonly settings: VerifierSettings
  readonly identity: RequestIdentity
  readonly close: () => Promise<void>
}

/**
 * Opens the keys and sessions of a verifier's data folder.
 *
 * @throws VerifierError `verifier_missing`, `config_invalid`, `base_url`; AgentError
 */
export async function openPlatform(options: OpenPlatformOptions): Promise<OpenPlatform> {
  const { dir, clock, allowHttpLoopback, trust = noTrust } = options
  const folder = verifierFolder(dir)
  const settings = await readSettings(folder)
  const baseUrl = assertBaseUrl(settings.base_url, allowHttpLoopback)
  const { database, keyStore, vault } = await openVerifierGround(folder, {
    create: false,
    settings,
  })
  try {
    const identity = await readIdentity(folder, keyStore)
    const sessions = databaseVpSessions({ kysely: database.kysely, vault, clock })
    const freshness = freshnessPolicies[settings.freshness]
    const { transactionTypes = {} } = options
    const engine = createVpVerifier({
      ...{ identity, baseUrl, sessions, trust, clock, freshness, transactionTypes },
    })
    const close = () => database.close()
    const script = await readBrowserScript()
    return { engine, baseUrl, identity, settings, drawQr: qrRows, script, close }
  } catch (error) {
    await database.close()
    throw error
  }
}

async function readIdentity(
  { certificatePem }: VerifierFolder,
  keyStore: KeyStore,
): Promise<RequestIdentity> {
  const signer = await keyStore.signer(REQUEST_KEY)
  const found = await access(certificatePem, constants.R_OK).then(
    () => true,
    () => false,
  )
  if (!found) return { signer, certificate: null }
  const chain = parsePemCertificates(await readFile(certificatePem, 'utf8'))
  const [leaf] = chain
  if (leaf === undefined) {
    throw new VerifierError('config_invalid', `${certificatePem} holds no certificate; restore it.`)
  }
  const { dnsNames } = await readLeaf(leaf)
  return { signer, certificate: { chain, hash: await x509HashOf(leaf), dnsNames } }
}

function noTrust(): never {
  throw new VerifierError('lists_unreadable', 'this process asks only; the server judges answers.')
}
