import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryCompiler,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  type TransactionSettings,
} from 'kysely'
import type { SqliteHandle, SqliteOutcome } from './sqlite-handle.js'
import type { SqliteReaders } from './sqlite-readers.js'
import { StrictQueryCompiler } from './sqlite-schema.js'
import { SqliteSession } from './sqlite-session.js'
import { type RoutedStatement, routeStatement } from './sqlite-statement.js'
import { beginImmediate, type SqliteWriter } from './sqlite-writer.js'

export type SqliteDialectOptions = {
  readonly writer: SqliteWriter
  readonly readers: SqliteReaders
  /** Milliseconds a transaction may stand idle before it is undone. */
  readonly idleMilliseconds: number
}

class SqliteConnection implements DatabaseConnection {
  readonly #options: SqliteDialectOptions
  #session: SqliteSession | undefined

  constructor(options: SqliteDialectOptions) {
    this.#options = options
  }

  get session(): SqliteSession {
    if (this.#session === undefined) throw new TypeError('no transaction is open here')
    return this.#session
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const statement = routeStatement(query)
    return queryResult<R>(statement, await this.#run(statement))
  }

  // oxlint-disable-next-line require-yield -- the interface wants a generator
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new TypeError('streaming is not supported; read page by page, by key')
  }

  #run(statement: RoutedStatement): Promise<SqliteOutcome> {
    if (this.#session !== undefined) return this.#session.execute(statement)
    const { writer, readers } = this.#options
    return statement.reads ? readers.read(statement) : writer.write(statement)
  }

  async begin(settings: TransactionSettings): Promise<void> {
    const { writer, readers, idleMilliseconds } = this.#options
    const readOnly = settings.accessMode === 'read only'
    const begin = readOnly ? (handle: SqliteHandle) => handle.run('BEGIN') : beginImmediate
    this.#session = await new Promise<SqliteSession>((resolve, reject) => {
      const hold = async (handle: SqliteHandle): Promise<void> => {
        await begin(handle)
        const session = new SqliteSession({ handle, idleMilliseconds })
        resolve(session)
        await session.ended
      }
      const held = readOnly ? readers.alone(hold) : writer.alone(hold)
      held.catch(reject)
    })
  }

  async end(how: 'commit' | 'rollback'): Promise<void> {
    const session = this.#session
    this.#session = undefined
    // kysely rolls back once more after a failed commit; by then there is nothing left to undo.
    await session?.[how]()
  }
}

function queryResult<R>(statement: RoutedStatement, outcome: SqliteOutcome): QueryResult<R> {
  const rows = outcome.rows as R[]
  if (statement.reads) return { rows }
  return { rows, numAffectedRows: BigInt(outcome.changes ?? rows.length) }
}

class SqliteDriver implements Driver {
  readonly #options: SqliteDialectOptions

  constructor(options: SqliteDialectOptions) {
    this.#options = options
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<SqliteConnection> {
    return new SqliteConnection(this.#options)
  }

  beginTransaction(connection: SqliteConnection, settings: TransactionSettings): Promise<void> {
    return connection.begin(settings)
  }

  commitTransaction(connection: SqliteConnection): Promise<void> {
    return connection.end('commit')
  }

  rollbackTransaction(connection: SqliteConnection): Promise<void> {
    return connection.end('rollback')
  }

  savepoint(connection: SqliteConnection, name: string): Promise<void> {
    return connection.session.savepoint(`savepoint ${quoted(name)}`, false)
  }

  rollbackToSavepoint(connection: SqliteConnection, name: string): Promise<void> {
    return connection.session.savepoint(`rollback to ${quoted(name)}`, true)
  }

  releaseSavepoint(connection: SqliteConnection, name: string): Promise<void> {
    return connection.session.savepoint(`release ${quoted(name)}`, false)
  }

  async releaseConnection(): Promise<void> {}

  /** Readers first: the last handle to close merges the -wal file into the database. */
  async destroy(): Promise<void> {
    await this.#options.readers.close()
    await this.#options.writer.close()
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** kysely on our SQLite handles. */
export function sqliteDialect(options: SqliteDialectOptions): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new SqliteDriver(options),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
    createQueryCompiler: (): QueryCompiler => new StrictQueryCompiler(),
  }
}
