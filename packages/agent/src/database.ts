import { Kysely, sql, type Transaction } from 'kysely'
import { AgentError } from './errors.js'
import { type Migration, migrate } from './migrations.js'
import { openSqlite } from './sqlite-database.js'

const READERS = 2
const QUEUE_SECONDS = 10
const IDLE_SECONDS = 30
/** Times a transaction is run before its conflict is the caller's. */
const TRANSACTION_TRIES = 4

export type DatabaseLocation =
  /** Path of the file. */
  | { readonly sqlite: string }
  /** Connection string; it may hold a password, so it comes from a file and is never printed. */
  | { readonly postgres: string }

export type OpenDatabaseOptions = {
  readonly location: DatabaseLocation
  readonly migrations: readonly Migration[]
  /** Only with `true` is a missing database made; servers open with `false`. */
  readonly create: boolean
  /** SQLite: handles that read at the same time (2). */
  readonly readers?: number
  /** SQLite: seconds a caller waits for its turn to write before `database_locked` (10). */
  readonly queueSeconds?: number
  /** Seconds a transaction may stand idle before it is undone (30). */
  readonly idleSeconds?: number
}

/** An open database of schema `S`. The same code runs on both engines. */
export type Database<S> = {
  readonly kysely: Kysely<S>
  readonly engine: 'sqlite' | 'postgres'
  /**
   * Runs `work` in one transaction; durable when it resolves, nothing kept when it throws.
   *
   * On a conflict with another transaction the whole of `work` runs again, so it must not act
   * outside the database. Inside it use only `trx`: the database itself waits for its end.
   *
   * @throws AgentError `database_conflict` when it keeps meeting others.
   */
  transaction<T>(work: (trx: Transaction<S>) => Promise<T>): Promise<T>
  /**
   * SQLite: writes the log back into the file and empties it, so that erased bytes are gone from
   * both. PostgreSQL: nothing to do here (see the operations page).
   *
   * @throws AgentError `checkpoint_busy`.
   */
  checkpoint(): Promise<void>
  /**
   * SQLite: builds the file anew, so that no copy of erased bytes is left in the gaps of its pages
   * either; writers wait meanwhile, and it takes as much memory as the file is long. PostgreSQL:
   * nothing to do here.
   *
   * @throws AgentError `checkpoint_busy`, `database_locked`.
   */
  rewrite(): Promise<void>
  /** Finishes what is under way and lets go of files and connections. */
  close(): Promise<void>
}

/**
 * Opens a database and brings its schema up to date.
 *
 * @throws AgentError `database_missing`, `database_access`, `database_unreachable`,
 *   `database_settings`, `database_damaged`, `database_locked` or `schema_newer`.
 */
export async function openDatabase<S>(options: OpenDatabaseOptions): Promise<Database<S>> {
  const opened = await open<S>(options)
  try {
    const { engine, kysely } = opened
    if (engine === 'postgres') await assertPostgresSettings(kysely)
    const { migrations, create } = options
    await migrate({ kysely: kysely as Kysely<unknown>, engine, migrations, create })
    return opened
  } catch (error) {
    await opened.close()
    throw error
  }
}

async function open<S>(options: OpenDatabaseOptions): Promise<Database<S>> {
  const { location } = options
  const idleMilliseconds = (options.idleSeconds ?? IDLE_SECONDS) * 1_000
  if ('postgres' in location) {
    // Loaded only where it is used: the command line starts without it.
    const { postgresDialect } = await import('./postgres-dialect.js')
    const dialect = postgresDialect({ url: location.postgres, idleMilliseconds })
    const kysely = new Kysely<S>({ dialect })
    const nothing = () => Promise.resolve()
    return assemble(kysely, 'postgres', { checkpoint: nothing, rewrite: nothing })
  }
  const { dialect, ...acts } = await openSqlite({
    file: location.sqlite,
    create: options.create,
    readers: options.readers ?? READERS,
    queueMilliseconds: (options.queueSeconds ?? QUEUE_SECONDS) * 1_000,
    idleMilliseconds,
  })
  const kysely = new Kysely<S>({ dialect })
  // kysely closes only a driver that it has started.
  await sql`select 1`.execute(kysely)
  return assemble(kysely, 'sqlite', acts)
}

function assemble<S>(
  kysely: Kysely<S>,
  engine: 'sqlite' | 'postgres',
  acts: Pick<Database<S>, 'checkpoint' | 'rewrite'>,
): Database<S> {
  return {
    kysely,
    engine,
    ...acts,
    transaction: (work) => retryConflicts(() => kysely.transaction().execute(work)),
    close: () => kysely.destroy(),
  }
}

/** SQLSTATE 40001 and 40P01 are no failures: the transaction lost a race and may run again. */
async function retryConflicts<T>(run: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await run()
    } catch (error) {
      const conflict = error instanceof AgentError && error.code === 'database_conflict'
      if (!conflict || tries === TRANSACTION_TRIES) throw error
    }
  }
}

async function assertPostgresSettings<S>(kysely: Kysely<S>): Promise<void> {
  for (const name of ['synchronous_commit', 'fsync', 'full_page_writes']) {
    const { rows } = await sql<{ value: string }>`
      select current_setting(${name}) as value`.execute(kysely)
    if (rows[0]?.value !== 'on') {
      throw new AgentError(
        'database_settings',
        `PostgreSQL runs with ${name} off, so a power cut would lose what was acknowledged; turn it on`,
      )
    }
  }
}
