import {
  type Dialect,
  type PostgresCursor,
  PostgresDialect,
  type PostgresPool,
  type PostgresPoolClient,
  type PostgresQueryResult,
} from 'kysely'
import pg from 'pg'
import { checkBoundValues } from './bound-values.js'
import { AgentError } from './errors.js'
import { breaksConnection, postgresError } from './postgres-errors.js'

const CONNECTIONS = 10
const CONNECT_MILLISECONDS = 5_000
const STATEMENT_MILLISECONDS = 5_000
const LOCK_MILLISECONDS = 5_000

const BOOLEAN = 16
const INT8 = 20
const NUMERIC = 1700

export type PostgresOptions = {
  readonly url: string
  /** Milliseconds a transaction may stand idle before the server ends it. */
  readonly idleMilliseconds: number
}

/** kysely on a pool of `pg`, with the same checks and errors as on SQLite. */
export function postgresDialect(options: PostgresOptions): Dialect {
  return new PostgresDialect({ pool: guardedPool(options) })
}

function guardedPool(options: PostgresOptions): PostgresPool {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MILLISECONDS,
    // As start-up parameters they hold before the first statement, on every connection.
    options: [
      '-c synchronous_commit=on',
      `-c statement_timeout=${STATEMENT_MILLISECONDS}`,
      `-c lock_timeout=${LOCK_MILLISECONDS}`,
      `-c idle_in_transaction_session_timeout=${options.idleMilliseconds}`,
    ].join(' '),
    types: { getTypeParser },
  })
  // A connection that breaks while idle is replaced on next use; unheard it would end the process.
  pool.on('error', () => undefined)
  const guarded = new WeakMap<pg.PoolClient, GuardedClient>()
  return {
    connect: async () => {
      const client = await connect(pool)
      const known = guarded.get(client) ?? new GuardedClient(client)
      guarded.set(client, known)
      return known
    },
    end: () => pool.end(),
  }
}

async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect()
  } catch (error) {
    throw postgresError(error)
  }
}

/** One connection: checks what is bound, translates errors, and leaves the pool when broken. */
class GuardedClient implements PostgresPoolClient {
  readonly #client: pg.PoolClient
  #broken: unknown

  constructor(client: pg.PoolClient) {
    this.#client = client
    client.on('error', (error) => {
      this.#broken ??= postgresError(error)
    })
  }

  query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>
  query<R>(sql: unknown, parameters?: readonly unknown[]): unknown {
    if (typeof sql !== 'string' || parameters === undefined) {
      throw new TypeError('streaming is not supported; read page by page, by key')
    }
    return this.#query<R>(sql, parameters)
  }

  release(): void {
    this.#client.release(this.#broken !== undefined)
  }

  async #query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    const values = checkBoundValues(parameters)
    try {
      const result = await this.#client.query(sql, [...values])
      assertCommitted(sql, result.command)
      return result as unknown as PostgresQueryResult<R>
    } catch (error) {
      const known = this.#broken ?? postgresError(error)
      if (breaksConnection(known)) this.#broken = known
      throw known
    }
  }
}

/**
 * PostgreSQL answers a commit of an aborted transaction with ROLLBACK and no error: a caller that
 * had caught the failed statement would believe in a transaction that was thrown away.
 */
function assertCommitted(sql: string, command: string): void {
  if (sql !== 'commit' || command === 'COMMIT') return
  throw new AgentError(
    'transaction_aborted',
    'an earlier statement of this transaction failed, so nothing of it is kept; start it again',
  )
}

/** Integers as numbers and truth as 1 and 0, as SQLite gives them. */
const getTypeParser: typeof pg.types.getTypeParser = (oid: number, format?: 'text' | 'binary') => {
  if (oid === INT8 || oid === NUMERIC) return parseNumber
  if (oid === BOOLEAN) return (text: string) => (text === 't' ? 1 : 0)
  return pg.types.getTypeParser(oid, format as 'text')
}

function parseNumber(text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new RangeError('an integer of the database is too large to be kept exactly')
  }
  return value
}
