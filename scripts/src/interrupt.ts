import { CommandFailure, exitCodes } from './failure.js'

/** A signal that says when Ctrl-C (SIGINT) or SIGTERM came. */
export type Interruption = {
  readonly signal: AbortSignal
  /** Waits until it comes. */
  wait(): Promise<void>
  /** Throws when it has come. */
  check(): void
  close(): void
}

/**
 * Takes over SIGINT and SIGTERM: the first asks the work to stop at the next safe point, a second
 * ends the process at once.
 *
 * @param resume - What to tell the person: how to go on later.
 */
export function listenForInterrupt(resume: string): Interruption {
  const controller = new AbortController()
  const stop = () => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted)
    controller.abort(interrupted(resume))
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return {
    signal: controller.signal,
    wait: () =>
      new Promise((done) => {
        // The timer keeps the process alive while nothing else does.
        const alive = setInterval(() => {}, 60_000)
        const end = () => {
          clearInterval(alive)
          done()
        }
        if (controller.signal.aborted) end()
        else controller.signal.addEventListener('abort', end, { once: true })
      }),
    check: () => controller.signal.throwIfAborted(),
    close() {
      process.off('SIGINT', stop)
      process.off('SIGTERM', stop)
    },
  }
}

/** The failure a command ends with when it was interrupted. */
export function interrupted(resume: string): CommandFailure {
  return new CommandFailure('interrupted', 'Stopped before the end, as you asked.', {
    exit: exitCodes.interrupted,
    cure: resume,
  })
}
