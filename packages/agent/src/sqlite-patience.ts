import { setTimeout as sleep } from 'node:timers/promises'
import { AgentError } from './errors.js'

/** Milliseconds a lock of another process is waited for before the caller hears of it. */
export const LOCK_WAIT_MILLISECONDS = 5_000

/**
 * Runs `work` again while another process holds the lock, for a bounded time.
 *
 * The pauses are short and random, so that two busy processes take turns.
 *
 * @throws AgentError `database_locked` when the lock outlasts `milliseconds`.
 */
export async function untilUnlocked<T>(
  work: () => Promise<T>,
  milliseconds: number = LOCK_WAIT_MILLISECONDS,
): Promise<T> {
  const end = performance.now() + milliseconds
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!isLocked(error) || performance.now() >= end) throw error
      await sleep(1 + Math.random() * 4)
    }
  }
}

function isLocked(error: unknown): boolean {
  return error instanceof AgentError && error.code === 'database_locked'
}
