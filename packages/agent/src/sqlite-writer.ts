import { setImmediate as nextTurn } from 'node:timers/promises'
import { AgentError } from './errors.js'
import { Fifo } from './fifo.js'
import { failedAlone } from './sqlite-errors.js'
import type { SqliteHandle, SqliteOutcome, SqliteStatement } from './sqlite-handle.js'
import { untilUnlocked } from './sqlite-patience.js'

/** Most statements that share one transaction, so that nobody waits long for the others. */
const GROUP_SIZE = 100

/** How often the queue is looked through for callers that have waited too long. */
const SWEEP_MILLISECONDS = 250

type Waiting = { readonly since: number; readonly reject: (error: unknown) => void }
type WaitingWrite = Waiting & {
  readonly kind: 'write'
  readonly statement: SqliteStatement
  readonly resolve: (outcome: SqliteOutcome) => void
}
type WaitingTask = Waiting & {
  readonly kind: 'task'
  readonly start: (handle: SqliteHandle) => Promise<void>
}

export type SqliteWriterOptions = {
  readonly handle: SqliteHandle
  /** Milliseconds a caller waits for its turn before it is refused. */
  readonly queueMilliseconds: number
}

/**
 * The only handle of this process that writes, behind a queue: first come, first served.
 *
 * Single statements that wait side by side share one transaction, and so one fsync; each is told
 * of its own outcome after the commit, and one that fails undoes only itself.
 */
export class SqliteWriter {
  readonly #handle: SqliteHandle
  readonly #queueMilliseconds: number
  readonly #queue = new Fifo<WaitingWrite | WaitingTask>()
  #draining: Promise<void> | undefined
  #sweep: NodeJS.Timeout | undefined
  #closed = false

  constructor(options: SqliteWriterOptions) {
    this.#handle = options.handle
    this.#queueMilliseconds = options.queueMilliseconds
  }

  /** Runs one statement in a transaction shared with its neighbours; durable when it resolves. */
  write(statement: SqliteStatement): Promise<SqliteOutcome> {
    return new Promise((resolve, reject) => {
      this.#enqueue({ kind: 'write', statement, resolve, reject, since: performance.now() })
    })
  }

  /** Hands the handle to `task` alone, until its promise settles. */
  alone<T>(task: (handle: SqliteHandle) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const start = (handle: SqliteHandle): Promise<void> => task(handle).then(resolve, reject)
      this.#enqueue({ kind: 'task', start, reject, since: performance.now() })
    })
  }

  /** Finishes what is queued, then lets go of the file. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#draining
    await this.#handle.close()
  }

  #enqueue(entry: WaitingWrite | WaitingTask): void {
    if (this.#closed) {
      entry.reject(new AgentError('database_closed', 'the database is closed; open it again'))
      return
    }
    this.#queue.push(entry)
    this.#draining ??= this.#drain()
  }

  async #drain(): Promise<void> {
    this.#sweep = setInterval(() => this.#refuseOverdue(), SWEEP_MILLISECONDS)
    while (this.#queue.length > 0) {
      // One turn of the event loop lets callers woken by the last commit queue up together.
      await nextTurn()
      const first = this.#queue.shift()
      if (first?.kind === 'task') await first.start(this.#handle)
      else if (first !== undefined) await this.#runGroup(this.#group(first))
    }
    clearInterval(this.#sweep)
    this.#draining = undefined
  }

  #group(first: WaitingWrite): WaitingWrite[] {
    const group = [first]
    while (group.length < GROUP_SIZE) {
      const next = this.#queue.peek()
      if (next?.kind !== 'write') break
      this.#queue.shift()
      group.push(next)
    }
    return group
  }

  async #runGroup(group: readonly WaitingWrite[]): Promise<void> {
    const [first] = group
    if (group.length === 1 && first !== undefined) return this.#runAlone(first)
    try {
      await beginImmediate(this.#handle)
    } catch (error) {
      for (const entry of group) entry.reject(error)
      return
    }
    try {
      const settle = await this.#runAll(group)
      await this.#handle.run('COMMIT')
      for (const told of settle) told()
    } catch (error) {
      await this.#afterLostGroup(group, error)
    }
  }

  async #runAll(group: readonly WaitingWrite[]): Promise<(() => void)[]> {
    const settle: (() => void)[] = []
    for (const entry of group) {
      try {
        const outcome = await this.#handle.execute(entry.statement)
        settle.push(() => entry.resolve(outcome))
      } catch (error) {
        if (!failedAlone(error)) throw error
        settle.push(() => entry.reject(error))
      }
    }
    return settle
  }

  /**
   * The whole transaction is undone and nobody has been told yet. A full disk or a rule checked at
   * commit may be the fault of one member only, so each tries alone; any other failure is everyone's.
   */
  async #afterLostGroup(group: readonly WaitingWrite[], error: unknown): Promise<void> {
    let retry =
      failedAlone(error) || (error instanceof AgentError && error.code === 'database_full')
    // The next group begins with a rollback that works, or is refused: nothing mixes with it.
    await rollback(this.#handle).catch(() => {
      retry = false
    })
    for (const entry of group) {
      if (retry) await this.#runAlone(entry)
      else entry.reject(error)
    }
  }

  async #runAlone(entry: WaitingWrite): Promise<void> {
    try {
      entry.resolve(await untilUnlocked(() => this.#handle.execute(entry.statement)))
    } catch (error) {
      entry.reject(error)
    }
  }

  #refuseOverdue(): void {
    const oldest = performance.now() - this.#queueMilliseconds
    for (let next = this.#queue.peek(); next !== undefined; next = this.#queue.peek()) {
      if (next.since > oldest) return
      this.#queue.shift()
      next.reject(
        new AgentError(
          'database_locked',
          'a transaction of this process held the database too long; inside a transaction use only ' +
            'its own object, and keep anything slow out of it',
        ),
      )
    }
  }
}

/** Takes the write lock, waiting for other processes. */
export function beginImmediate(handle: SqliteHandle): Promise<void> {
  return untilUnlocked(async () => {
    try {
      await handle.run('BEGIN IMMEDIATE')
    } catch (error) {
      // The only way to be refused here is a transaction left open by a rollback that failed.
      if (!failedAlone(error)) throw error
      await handle.run('ROLLBACK')
      await handle.run('BEGIN IMMEDIATE')
    }
  })
}

/** Undoes the open transaction; SQLite has often done so already, which is no failure. */
export async function rollback(handle: SqliteHandle): Promise<void> {
  try {
    await handle.run('ROLLBACK')
  } catch (error) {
    if (!failedAlone(error)) throw error
  }
}
