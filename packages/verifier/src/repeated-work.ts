/** Does the work after so many milliseconds, unless what it returns is called before. */
export type Beat = (milliseconds: number, work: () => Promise<void>) => () => void

/** By the timer of the system. */
export const systemBeat: Beat = (milliseconds, work) => {
  const timer = setTimeout(() => void work(), milliseconds)
  // It must not keep a process alive that has nothing else to do.
  timer.unref()
  return () => clearTimeout(timer)
}

/** Workers spread out, so that no two follow the same beat. */
const JITTER = 0.2
/** After a failure the wait is doubled from here on, up to the usual one, and spread wider. */
const FIRST_RETRY_SECONDS = 2
const RETRY_JITTER = 0.5

/** How often work is done. */
export type Repetition = {
  readonly beat: Beat
  /** The usual wait between two times. */
  readonly seconds: number
  /** The first try of all, which somebody else made, failed: the next one comes soon. */
  readonly hasFailed?: boolean
  /** What failed is tried again sooner, and again ever later. */
  readonly onFailure: (error: unknown) => void
}

/**
 * Works again and again, each time after a wait that only chance decides. Whoever was cut off for weeks
 * is back within the usual wait, and a thousand that come back together do not come at once.
 *
 * @returns What ends it.
 */
export function repeat(
  { beat, seconds, onFailure, hasFailed = false }: Repetition,
  work: () => Promise<void>,
): () => void {
  let cancel = () => {}
  let isStopped = false
  let failures = hasFailed ? 1 : 0
  const once = async (): Promise<void> => {
    try {
      await work()
      failures = 0
    } catch (error) {
      failures += 1
      onFailure(error)
    }
    next()
  }
  const next = () => {
    if (isStopped) return
    const retry = FIRST_RETRY_SECONDS * 2 ** Math.min(failures - 1, 16)
    const [wait, jitter] =
      failures === 0 || retry >= seconds ? [seconds, JITTER] : [retry, RETRY_JITTER]
    const factor = 1 + jitter * (2 * Math.random() - 1)
    cancel = beat(wait * factor * 1_000, once)
  }
  next()
  return () => {
    isStopped = true
    cancel()
  }
}

/** Waits for something, but no longer than so many seconds; it goes on behind. */
export async function within(seconds: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, seconds * 1_000)
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
