import sqlite3 from 'sqlite3'
import { type BoundValue, checkBoundValues } from './bound-values.js'
import { sqliteError } from './sqlite-errors.js'

/** One statement and whether it hands back rows. */
export type SqliteStatement = {
  readonly sql: string
  readonly parameters: readonly unknown[]
  readonly returnsRows: boolean
}

/** What a statement gave: rows, or the number of rows it changed. */
export type SqliteOutcome = {
  readonly rows: readonly Record<string, unknown>[]
  readonly changes: number | undefined
}

/** Prepared statements kept per handle; more would only hold memory. */
const CACHED_STATEMENTS = 128

/**
 * One connection to one SQLite file. The caller runs one statement at a time: `sqlite3` would run
 * several at once on its thread pool, in any order, and then ignores the busy timeout.
 */
export class SqliteHandle {
  readonly #database: sqlite3.Database
  readonly #prepared = new Map<string, sqlite3.Statement>()

  private constructor(database: sqlite3.Database) {
    this.#database = database
  }

  /** Opens an existing file; the file is created elsewhere, with its mode. */
  static open(file: string): Promise<SqliteHandle> {
    return new Promise((resolve, reject) => {
      const mode = sqlite3.OPEN_READWRITE | sqlite3.OPEN_FULLMUTEX
      const database = new sqlite3.Database(file, mode, (error) => {
        if (error) reject(sqliteError(error))
        else resolve(new SqliteHandle(database))
      })
    })
  }

  /**
   * Runs one statement.
   *
   * @throws AgentError by cause; TypeError when a value cannot be bound.
   */
  async execute(statement: SqliteStatement): Promise<SqliteOutcome> {
    const values = checkBoundValues(statement.parameters)
    const prepared = this.#prepared.get(statement.sql) ?? (await this.#prepare(statement.sql))
    return statement.returnsRows ? fetchRows(prepared, values) : runOnly(prepared, values)
  }

  /** Runs one statement without values, and gives its rows. */
  async query(sql: string): Promise<readonly Record<string, unknown>[]> {
    const outcome = await this.execute({ sql, parameters: [], returnsRows: true })
    return outcome.rows
  }

  /** Runs one statement without values or rows. */
  async run(sql: string): Promise<void> {
    await this.execute({ sql, parameters: [], returnsRows: false })
  }

  /** Lets go of the statements and the file. */
  async close(): Promise<void> {
    for (const prepared of this.#prepared.values()) await finalize(prepared)
    this.#prepared.clear()
    await new Promise<void>((resolve, reject) => {
      this.#database.close((error) => (error ? reject(sqliteError(error)) : resolve()))
    })
  }

  async #prepare(sql: string): Promise<sqlite3.Statement> {
    const prepared = await new Promise<sqlite3.Statement>((resolve, reject) => {
      // Without a callback a syntax error would be an 'error' event and end the process.
      const statement = this.#database.prepare(sql, (error) => {
        if (error) reject(sqliteError(error))
        else resolve(statement)
      })
    })
    this.#prepared.set(sql, prepared)
    const oldest = this.#prepared.entries().next()
    if (this.#prepared.size > CACHED_STATEMENTS && !oldest.done) {
      this.#prepared.delete(oldest.value[0])
      await finalize(oldest.value[1])
    }
    return prepared
  }
}

function fetchRows(
  prepared: sqlite3.Statement,
  values: readonly BoundValue[],
): Promise<SqliteOutcome> {
  return new Promise((resolve, reject) => {
    // `all` and not `get`: a statement not stepped to its end keeps its read transaction open.
    prepared.all(values, (error: Error | null, rows: Record<string, unknown>[]) => {
      if (error) reject(sqliteError(error))
      else resolve({ rows, changes: undefined })
    })
  })
}

function runOnly(
  prepared: sqlite3.Statement,
  values: readonly BoundValue[],
): Promise<SqliteOutcome> {
  return new Promise((resolve, reject) => {
    prepared.run(values, function (error: Error | null) {
      if (error) reject(sqliteError(error))
      else resolve({ rows: [], changes: this.changes })
    })
  })
}

function finalize(prepared: sqlite3.Statement): Promise<void> {
  return new Promise((resolve) => {
    prepared.finalize(() => resolve())
  })
}
