import { AgentError } from './errors.js'
import { Fifo } from './fifo.js'
import type { SqliteHandle, SqliteOutcome, SqliteStatement } from './sqlite-handle.js'

type Waiting = {
  readonly resolve: (handle: SqliteHandle) => void
  readonly reject: (error: unknown) => void
}

/** The handles that only read. Each serves one caller at a time; the others wait in line. */
export class SqliteReaders {
  readonly #handles: readonly SqliteHandle[]
  readonly #free: SqliteHandle[]
  readonly #waiting = new Fifo<Waiting>()
  #closed = false

  constructor(handles: readonly SqliteHandle[]) {
    this.#handles = handles
    this.#free = [...handles]
  }

  /** Reads what was committed before the call. */
  read(statement: SqliteStatement): Promise<SqliteOutcome> {
    return this.alone((handle) => handle.execute(statement))
  }

  /** Hands one handle to `task` until its promise settles. */
  async alone<T>(task: (handle: SqliteHandle) => Promise<T>): Promise<T> {
    const handle = await this.#take()
    try {
      return await task(handle)
    } finally {
      this.#giveBack(handle)
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    for (let left = this.#waiting.shift(); left !== undefined; left = this.#waiting.shift()) {
      left.reject(closedError())
    }
    for (const handle of this.#handles) await handle.close()
  }

  #take(): Promise<SqliteHandle> {
    if (this.#closed) return Promise.reject(closedError())
    const handle = this.#free.pop()
    if (handle !== undefined) return Promise.resolve(handle)
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }))
  }

  #giveBack(handle: SqliteHandle): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#free.push(handle)
    else next.resolve(handle)
  }
}

function closedError(): AgentError {
  return new AgentError('database_closed', 'the database is closed; open it again')
}
