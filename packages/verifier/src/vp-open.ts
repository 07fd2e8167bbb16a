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
import { dereferenceDidKey, freshnessPolicies, type Signer, type Trust } from '@netcert/credential'
import { parsePemCertificates, readLeaf, x509HashOf } from '@netcert/protocol'
import { type AccreditationSource, openAccreditations } from './accreditation-source.js'
import { readBrowserScript } from './browser-script.js'
import { databaseLocation } from './database-location.js'
import { createDeletionDesk } from './deletion-desk.js'
import { VerifierError } from './errors.js'
import type { PlatformOptions } from './platform.js'
import { readTrust } from './published-lists.js'
import { qrRows } from './qr-code.js'
import {
  type RetainedClaims,
  retainedClaims,
  retainedMigrations,
  type RetainedTables,
} from './retained-store.js'
import { databaseReplays, verifierMigrations, type VerifierTables } from './store.js'
import {
  assertBaseUrl,
  listsFolder,
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

type Tables = KeyStoreSchema & VerifierTables & VpTables & RetainedTables

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
    migrations: [
      ...keyStoreMigrations,
      ...verifierMigrations,
      ...vpMigrations,
      ...retainedMigrations,
    ],
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
export type OpenPlatform = Pick<
  PlatformOptions,
  'engine' | 'baseUrl' | 'drawQr' | 'script' | 'deletions'
> & {
  readonly engine: VpVerifier
  readonly settings: VerifierSettings
  readonly identity: RequestIdentity
  readonly accreditations: AccreditationSource
  /** Claims that may be stored, until their retention ends. */
  readonly retained: RetainedClaims
  readonly close: () => Promise<void>
}

/**
 * Opens the keys, sessions and accreditations of a verifier's data folder.
 *
 * @throws VerifierError `verifier_missing`, `config_invalid`, `base_url`; AgentError
 */
export async function openPlatform(options: OpenPlatformOptions): Promise<OpenPlatform> {
  const { dir, allowHttpLoopback } = options
  const folder = verifierFolder(dir)
  const settings = await readSettings(folder)
  const baseUrl = assertBaseUrl(settings.base_url, allowHttpLoopback)
  const ground = await openVerifierGround(folder, { create: false, settings })
  try {
    const identity = await readIdentity(folder, ground.keyStore)
    const accreditations = await openStanding(options, { folder, settings, identity })
    const script = await readBrowserScript()
    const close = () => ground.database.close()
    const parts = assemble(options, { ground, identity, accreditations, settings, baseUrl })
    const shown = { drawQr: qrRows, script }
    return { ...parts, baseUrl, identity, settings, accreditations, ...shown, close }
  } catch (error) {
    await ground.database.close()
    throw error
  }
}

function assemble(
  { clock, trust = noTrust, transactionTypes = {} }: OpenPlatformOptions,
  opened: {
    readonly ground: VerifierGround
    readonly identity: RequestIdentity
    readonly accreditations: AccreditationSource
    readonly settings: VerifierSettings
    readonly baseUrl: string
  },
): Pick<OpenPlatform, 'engine' | 'deletions' | 'retained'> {
  const { identity, baseUrl, settings, ground } = opened
  const { database, vault } = ground
  const { platform } = opened.accreditations
  const freshness = freshnessPolicies[settings.freshness]
  const judging = { identity, baseUrl, trust, clock, freshness, platform }
  const sessions = databaseVpSessions({ kysely: database.kysely, vault, clock })
  const replays = databaseReplays({ kysely: database.kysely, clock })
  return {
    engine: createVpVerifier({ ...judging, sessions, transactionTypes }),
    deletions: createDeletionDesk({ ...judging, replays }),
    retained: retainedClaims({ database, vault, clock }),
  }
}

/** The accreditations under the trust of the moment; without lists at hand there are none yet. */
async function openStanding(
  { clock, trust }: OpenPlatformOptions,
  opened: {
    readonly folder: VerifierFolder
    readonly settings: VerifierSettings
    readonly identity: RequestIdentity
  },
): Promise<AccreditationSource> {
  const { folder, settings, identity } = opened
  const listsDir = listsFolder(folder, settings)
  const requestJwk = dereferenceDidKey(identity.signer.keyId)
  const source = openAccreditations({ folder, listsDir, requestJwk, clock })
  const stored = { rootDid: settings.root_did, listsDir, now: clock(), stateFile: folder.state }
  const held = trust === undefined ? await readTrust(stored).catch(() => null) : await trust()
  if (held !== null) await source.refresh(held)
  return source
}

/** The key that signs requests, by itself. @throws As {@link openPlatform} */
export async function readRequestSigner(
  folder: VerifierFolder,
): Promise<Pick<Signer, 'did' | 'keyId'>> {
  const settings = await readSettings(folder)
  const { database, keyStore } = await openVerifierGround(folder, { create: false, settings })
  try {
    const { did, keyId } = await keyStore.signer(REQUEST_KEY)
    return { did, keyId }
  } finally {
    await database.close()
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
