import { constants } from 'node:fs'
import { access, readFile } from 'node:fs/promises'
import type { KeyStore } from '@netcert/agent'
import {
  dereferenceDidKey,
  type FreshnessPolicy,
  type Signer,
  type Trust,
} from '@netcert/credential'
import {
  type AccreditationStatusLists,
  parsePemCertificates,
  readLeaf,
  x509HashOf,
} from '@netcert/protocol'
import type { Accounts } from './accounts.js'
import { databaseAccounts } from './accounts-store.js'
import { type AccreditationSource, openAccreditations } from './accreditation-source.js'
import { readBrowserScript } from './browser-script.js'
import { createDeletionDesk } from './deletion-desk.js'
import { VerifierError } from './errors.js'
import type { MinorActStore } from './minor-act.js'
import { databaseMinorActs } from './minor-act-store.js'
import { openVerifierGround, REQUEST_KEY, type VerifierGround } from './ground-open.js'
import type { PlatformOptions } from './platform.js'
import { qrRows } from './qr-code.js'
import { type RetainedClaims, retainedClaims } from './retained-store.js'
import { databaseReplays } from './store.js'
import { createTrustReader, trustPlacesOf } from './trust-reader.js'
import {
  assertBaseUrl,
  listsFolder,
  policiesOf,
  readSettings,
  type VerifierFolder,
  type VerifierSettings,
  verifierFolder,
} from './verifier-folder.js'
import type { RequestIdentity } from './vp-request-message.js'
import { databaseVpSessions } from './vp-store.js'
import type { TransactionTypes } from './vp-transaction.js'
import { createVpVerifier, type VpVerifier } from './vp-verifier.js'

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
  /** What offline packs say of accreditations; nothing where there are none. */
  readonly accreditationStatus?: () => AccreditationStatusLists
  /** Default: as the folder is set up. */
  readonly freshness?: FreshnessPolicy
  /** The same for single queries; those of the folder stay where none is given. */
  readonly queryFreshness?: Readonly<Record<string, FreshnessPolicy>>
}

/** Everything `verifier()` needs but the queries. */
export type OpenPlatform = Pick<
  PlatformOptions,
  'engine' | 'baseUrl' | 'drawQr' | 'script' | 'deletions' | 'freshness'
> & {
  readonly engine: VpVerifier
  readonly settings: VerifierSettings
  readonly identity: RequestIdentity
  readonly accreditations: AccreditationSource
  /** Claims that may be stored, until their retention ends. */
  readonly retained: RetainedClaims
  /** Accounts by platform number, for `signIn`. */
  readonly accounts: Accounts
  /** Acts of minors that wait for their guardian, for `guardianConsent`. */
  readonly acts: MinorActStore
  readonly clock: () => Date
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
    const freshness = { ...policiesOf(settings).byQuery, ...options.queryFreshness }
    return { ...parts, baseUrl, identity, settings, accreditations, freshness, ...shown, close }
  } catch (error) {
    await ground.database.close()
    throw error
  }
}

function assemble(
  { clock, trust = noTrust, transactionTypes = {}, ...options }: OpenPlatformOptions,
  opened: {
    readonly ground: VerifierGround
    readonly identity: RequestIdentity
    readonly accreditations: AccreditationSource
    readonly settings: VerifierSettings
    readonly baseUrl: string
  },
): Pick<OpenPlatform, 'engine' | 'deletions' | 'retained' | 'accounts' | 'acts' | 'clock'> {
  const { identity, baseUrl, settings, ground } = opened
  const { database, vault } = ground
  const { platform } = opened.accreditations
  const freshness = options.freshness ?? policiesOf(settings).freshness
  const judging = { identity, baseUrl, trust, clock, freshness, platform }
  const sessions = databaseVpSessions({ kysely: database.kysely, vault, clock })
  const replays = databaseReplays({ kysely: database.kysely, clock })
  const acts = databaseMinorActs({ kysely: database.kysely, vault, clock })
  return {
    engine: createVpVerifier({ ...judging, sessions, acts, transactionTypes }),
    deletions: createDeletionDesk({ ...judging, replays }),
    retained: retainedClaims({ database, vault, clock }),
    accounts: databaseAccounts({ database, vault, clock }),
    ...{ acts, clock },
  }
}

/** The accreditations under the trust of the moment; without lists at hand there are none yet. */
async function openStanding(
  { clock, trust, accreditationStatus }: OpenPlatformOptions,
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
  if (trust !== undefined) {
    await source.refresh(await trust(), accreditationStatus?.())
    return source
  }
  const reader = createTrustReader(trustPlacesOf(folder, settings))
  const stored = await reader.read(clock()).catch(() => null)
  const packs = reader.holding()?.accreditationStatus
  if (stored !== null) await source.refresh(stored.trust, packs)
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
