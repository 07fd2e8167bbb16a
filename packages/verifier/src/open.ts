import { type Database, type DatabaseLocation, openDatabase } from '@netcert/agent'
import type { FreshnessPolicy, Trust } from '@netcert/credential'
import type { AccreditedPlatform } from './accredited-platform.js'
import { memorySessions } from './memory-sessions.js'
import type { PackHolding } from './offline-pack/pack-holding.js'
import { memoryReplays, type ReplayCache } from './replay.js'
import type { SessionStore } from './session.js'
import {
  databaseReplays,
  databaseSessions,
  type VerifierTables,
  verifierMigrations,
} from './store.js'
import { createTrustReader } from './trust-reader.js'
import { createVerifier, type Verifier } from './verifier.js'

export type { VerifierConfig } from './config.js'
export { readConfig } from './config.js'

/** Options of {@link openVerifier}. */
export type OpenVerifierOptions = {
  readonly audience: string
  /** The pinned root of the trust list. */
  readonly rootDid: string
  /** A published folder; whoever runs the verifier keeps it up to date. null: packs are all there is. */
  readonly listsDir: string | null
  /** A folder of offline packs, filled with `importPack` of `@netcert/verifier/packs`; null: none. */
  readonly packsDir?: string | null
  readonly clock: () => Date
  readonly freshness: FreshnessPolicy
  /** Where sessions and replays are kept; null: in memory, lost on restart. */
  readonly store: { readonly location: DatabaseLocation; readonly create: boolean } | null
  /** File that keeps the newest list versions seen across restarts. */
  readonly stateFile?: string
  /** Whose numbers are opened and what may be asked; default: nobody is accredited. */
  readonly platform?: () => AccreditedPlatform | null
  /** How often the folder is read again; without it only `refresh` does. */
  readonly refreshSeconds?: number
  /** Told when a folder could not be read, or not again; the trust held so far stays. */
  readonly onRefreshError?: (error: unknown) => void
}

/** An open verifier. */
export type OpenVerifier = {
  readonly verifier: Verifier
  /** For `verifyOnce`. */
  readonly replays: ReplayCache
  /** The trust of the moment. */
  readonly trust: () => Trust
  /** What offline packs amount to, for their age and coverage; null without any. */
  readonly packs: () => PackHolding | null
  /** Reads the folders again; what is held is never replaced by something older. */
  readonly refresh: () => Promise<void>
  readonly close: () => Promise<void>
}

/**
 * Opens a verifier on a folder of published lists, a folder of offline packs or both, and, where one is given, a database.
 *
 * @throws VerifierError `lists_unreadable`, `packs_damaged`, `trust_state_unreadable`; CredentialError as `createTrust`;
 *   AgentError of the database, for example `database_missing`
 */
export async function openVerifier(options: OpenVerifierOptions): Promise<OpenVerifier> {
  const { audience, clock, freshness, store } = options
  const { rootDid, listsDir, packsDir = null, stateFile, onRefreshError } = options
  const reader = createTrustReader({ rootDid, listsDir, packsDir, stateFile })
  const first = await reader.read(clock())
  first.failures.forEach((error) => onRefreshError?.(error))
  let { trust } = first
  const database = store === null ? null : await openStore(store)
  const { sessions, replays } = keepIn(database, clock)
  const refresh = async (): Promise<void> => {
    const read = await reader.read(clock())
    trust = read.trust
    for (const failure of read.failures) throw failure
  }
  const timer = every(options.refreshSeconds, () =>
    refresh().catch((error: unknown) => onRefreshError?.(error)),
  )
  return {
    verifier: createVerifier({
      ...{ trust: () => trust, audience, clock, freshness, sessions },
      platform: options.platform ?? (() => null),
    }),
    replays,
    trust: () => trust,
    packs: reader.holding,
    refresh,
    close: async () => {
      clearInterval(timer)
      await database?.close()
    },
  }
}

function openStore(store: NonNullable<OpenVerifierOptions['store']>) {
  return openDatabase<VerifierTables>({ ...store, migrations: verifierMigrations })
}

function keepIn(
  database: Database<VerifierTables> | null,
  clock: () => Date,
): { readonly sessions: SessionStore; readonly replays: ReplayCache } {
  if (database === null) {
    return { sessions: memorySessions({ clock }), replays: memoryReplays({ clock }) }
  }
  const { kysely } = database
  return {
    sessions: databaseSessions({ kysely, clock }),
    replays: databaseReplays({ kysely, clock }),
  }
}

function every(seconds: number | undefined, work: () => Promise<void>) {
  if (seconds === undefined) return undefined
  const timer = setInterval(() => void work(), seconds * 1000)
  // It must not keep a process alive that has nothing else to do.
  timer.unref()
  return timer
}
