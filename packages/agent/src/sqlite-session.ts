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
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0

  constructor(options: SqliteSessionOptions) {
    this.#handle = options.handle
    this.#idleMilliseconds = options.idleMilliseconds
    this.ended = new Promise((resolve) => {
      this.#finish = resolve
    })
    this.#watch()
  }

  /** @throws AgentError `transaction_aborted`, `transaction_expired`, or the statement's own. */
  execute(statement: SqliteStatement): Promise<SqliteOutcome> {
    return this.#inTurn(async () => {
      this.#assertOpen()
      try {
        return await this.#handle.execute(statement)
      } catch (error) {
        this.#state = 'aborted'
        throw error
      }
    })
  }

  /** Durable when it resolves; undone when it does not. Either way the transaction is over. */
  commit(): Promise<void> {
    return this.#inTurn(async () => {
      try {
        this.#assertOpen()
        await this.#handle.run('COMMIT')
      } catch (error) {
        if (this.#state !== 'expired') await rollback(this.#handle).catch(() => undefined)
        throw error
      } finally {
        this.#end()
      }
    })
  }

  rollback(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#state === 'ended' || this.#state === 'expired') return
      try {
        await rollback(this.#handle)
      } finally {
        this.#end()
      }
    })
  }

  savepoint(command: string, reopens: boolean): Promise<void> {
    return this.#inTurn(async () => {
      if (reopens && this.#state === 'aborted') this.#state = 'open'
      this.#assertOpen()
      await this.#handle.run(command)
    })
  }

  /** One statement after the other, also when the caller does not wait in between. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting += 1
    clearTimeout(this.#idle)
    const result = this.#last.then(work).finally(() => {
      this.#waiting -= 1
      this.#watch()
    })
    this.#last = result.catch(() => undefined)
    return result
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
    if (this.#waiting > 0 || this.#state === 'ended' || this.#state === 'expired') return
    this.#idle = setTimeout(() => this.#expire(), this.#idleMilliseconds)
  }

  #expire(): void {
    this.#state = 'expired'
    rollback(this.#handle)
      .catch(() => undefined)
      .finally(this.#finish)
  }

  #end(): void {
    clearTimeout(this.#idle)
    this.#state = 'ended'
    this.#finish()
  }
}
