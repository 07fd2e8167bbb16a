import { AgentError } from './errors.js'
import type { SqliteHandle, SqliteOutcome, SqliteStatement } from './sqlite-handle.js'
import { rollback } from './sqlite-writer.js'

export type SqliteSessionOptions = {
  readonly handle: SqliteHandle
  /** Milliseconds a transaction may stand idle before it is undone. */
  readonly idleMilliseconds: number
}

type State = 'open' | 'aborted' | 'expired' | 'ended'

/**
 * One open transaction on one handle.
 *
 * It behaves as PostgreSQL does, so that code tried on one database holds on the other: after a
 * failed statement everything but a rollback is refused, and one that stands idle is undone.
 */
export class SqliteSession {
  readonly ended: Promise<void>
  readonly #handle: SqliteHandle
  readonly #idleMilliseconds: number
  #finish: () => void = () => undefined
  #state: State = 'open'
  #idle: NodeJS.Timeout | undefined

  constructor(options: SqliteSessionOptions) {
    this.#handle = options.handle
    this.#idleMilliseconds = options.idleMilliseconds
    this.ended = new Promise((resolve) => {
      this.#finish = resolve
    })
    this.#watch()
  }

  /** @throws AgentError `transaction_aborted`, `transaction_expired`, or the statement's own. */
  async execute(statement: SqliteStatement): Promise<SqliteOutcome> {
    this.#assertOpen()
    clearTimeout(this.#idle)
    try {
      return await this.#handle.execute(statement)
    } catch (error) {
      this.#state = 'aborted'
      throw error
    } finally {
      this.#watch()
    }
  }

  /** Durable when it resolves. */
  async commit(): Promise<void> {
    this.#assertOpen()
    clearTimeout(this.#idle)
    try {
      await this.#handle.run('COMMIT')
    } catch (error) {
      // Left open (kysely does not roll back after a failed commit) it would block the writer.
      await this.rollback()
      throw error
    }
    this.#end()
  }

  async rollback(): Promise<void> {
    if (this.#state === 'ended' || this.#state === 'expired') return
    clearTimeout(this.#idle)
    try {
      await rollback(this.#handle)
    } finally {
      this.#end()
    }
  }

  async savepoint(command: string, reopens: boolean): Promise<void> {
    if (reopens && this.#state === 'aborted') this.#state = 'open'
    await this.execute({ sql: command, parameters: [], returnsRows: false })
  }

  #assertOpen(): void {
    if (this.#state === 'open') return
    if (this.#state === 'aborted') {
      throw new AgentError(
        'transaction_aborted',
        'an earlier statement of this transaction failed, so nothing of it is kept; start it again',
      )
    }
    throw new AgentError(
      'transaction_expired',
      'the transaction stood idle too long and was undone; keep anything slow out of it',
    )
  }

  #watch(): void {
    clearTimeout(this.#idle)
    if (this.#state === 'ended' || this.#state === 'expired') return
    this.#idle = setTimeout(() => void this.#expire(), this.#idleMilliseconds)
  }

  async #expire(): Promise<void> {
    this.#state = 'expired'
    try {
      await rollback(this.#handle)
    } finally {
      this.#finish()
    }
  }

  #end(): void {
    clearTimeout(this.#idle)
    this.#state = 'ended'
    this.#finish()
  }
}
