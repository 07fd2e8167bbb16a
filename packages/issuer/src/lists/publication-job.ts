import type { PublicationFailure } from './publication-steps.js'
import { untilNextTick } from './publishing-tick.js'

/** Does the work after so many milliseconds, unless what it returns is called before. */
export type Beat = (milliseconds: number, work: () => void) => () => void

export type PublicationJobOptions = {
  /** One publication; gives what could not be done. What it throws counts as a failure, too. */
  readonly run: () => Promise<readonly PublicationFailure[]>
  readonly tickSeconds: number
  readonly clock: () => Date
  /** Lines for the operator: a failure is one that begins with ALARM, each time. */
  readonly log: (line: string) => void
  /** What the job waits by. Default: the timer of the system. */
  readonly beat?: Beat
}

/** A publication that runs by itself. */
export type PublicationJob = {
  /** Lets what is under way end, and does nothing more. */
  close(): Promise<void>
}

/** The first wait after a failure; each one after it is twice as long, up to the next tick. */
const RETRY_MILLISECONDS = 60_000
/** A timer may come a little early; a tick may not. */
const AFTER_TICK_MILLISECONDS = 50

/**
 * Publishes now and at every tick. What failed is tried again after one, two, four … minutes: a tick
 * has one version of each list, however often it is tried. Resolves when the first run is over.
 */
export async function startPublicationJob(options: PublicationJobOptions): Promise<PublicationJob> {
  const { tickSeconds, clock, log, beat = systemBeat } = options
  let failures = 0
  let running = Promise.resolve()
  let cancel = () => {}
  let closed = false
  const runOnce = async (): Promise<void> => {
    const failed = await options.run().catch(asFailure)
    failures = failed.length === 0 ? 0 : failures + 1
    if (failed.length > 0) log(alarm(failed))
    if (closed) return
    const toTick = untilNextTick(clock(), tickSeconds) + AFTER_TICK_MILLISECONDS
    const retry = failures === 0 ? toTick : RETRY_MILLISECONDS * 2 ** Math.min(failures - 1, 10)
    cancel = beat(Math.min(toTick, retry), () => {
      running = runOnce()
    })
  }
  running = runOnce()
  await running
  return {
    async close() {
      closed = true
      cancel()
      await running
    },
  }
}

function asFailure(error: unknown): readonly PublicationFailure[] {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'fault'
  return [{ step: 'publication', code, error }]
}

function alarm(failed: readonly PublicationFailure[]): string {
  const steps = failed.map(({ step, code }) => `${step} (${code})`).join(', ')
  return `ALARM publication_failed: ${steps}. What is public stays as it was; run netcert publish.`
}

const systemBeat: Beat = (milliseconds, work) => {
  const timer = setTimeout(work, milliseconds)
  // It must not keep a process alive that has nothing else to do.
  timer.unref()
  return () => clearTimeout(timer)
}
