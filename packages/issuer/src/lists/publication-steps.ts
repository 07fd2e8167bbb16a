import type { PublishedListStore } from './published-list-store.js'

/** A step of a publication that was not done; the others were all the same. */
export type PublicationFailure = {
  /** `status/1`, `trust_list`, `coming_of_age` … */
  readonly step: string
  /** Code of the refusal, or of the system (`ENOSPC`); `fault` where there is none. */
  readonly code: string
  readonly error: unknown
}

/** Work that has to be done at each tick, before the status lists say what came of it. */
export type TickWork = {
  /** Names the step; never anything about a person. */
  readonly name: string
  readonly run: () => Promise<unknown>
}

/** The steps of one publication, each on its own. */
export type PublicationSteps = {
  /** Does it, or notes that it failed and gives `undefined`. */
  run<T>(step: string, work: () => Promise<T>): Promise<T | undefined>
  readonly failed: readonly PublicationFailure[]
}

/**
 * Keeps a failed step from keeping the others, and on record until it is done: for the doctor and
 * the metrics, whichever process publishes.
 */
export function createSteps(
  store: Pick<PublishedListStore, 'putDone' | 'putFailed'>,
  /** Seconds since 1970. */
  at: number,
): PublicationSteps {
  const failed: PublicationFailure[] = []
  return {
    failed,
    async run(step, work) {
      try {
        const done = await work()
        await store.putDone(step, at)
        return done
      } catch (error) {
        const code = codeOf(error)
        failed.push({ step, code, error })
        // A disk that is full takes no note either; it is said in this run's report all the same.
        await store.putFailed(step, at, code).catch(() => {})
        return undefined
      }
    },
  }
}

/** A code alone: what an error says in words can name a path, or more. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^[A-Za-z0-9_]{1,64}$/.test(code) ? code : 'fault'
}
