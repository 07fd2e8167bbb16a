/** What a trace of a visit says; times in milliseconds since the navigation began. */
export type Times = {
  /** First contentful paint. */
  readonly paint: number
  /** Largest contentful paint. */
  readonly largest: number
  /** Tasks of the page's main thread above 50 ms, each as long as it was. */
  readonly long: readonly number[]
  /** What those tasks took beyond 50 ms each: input waits for that long ("total blocking time"). */
  readonly blocked: number
  /** Cumulative layout shift: 0 where nothing moved by itself. */
  readonly shift: number
}

type TraceEvent = {
  readonly name: string
  readonly pid: number
  readonly tid: number
  /** Microseconds. */
  readonly ts: number
  readonly dur?: number
  readonly args: {
    readonly frame?: string
    readonly name?: string
    readonly data?: {
      readonly documentLoaderURL?: string
      readonly score?: number
      readonly had_recent_input?: boolean
    }
  }
}

const LONG_TASK = 50

/** Reads a trace of Chromium of a visit to `url`. @throws Error where it holds no such visit. */
export function readTimes(trace: Buffer, url: string): Times {
  const { traceEvents: events } = JSON.parse(trace.toString('utf8')) as {
    readonly traceEvents: readonly TraceEvent[]
  }
  const begin = events.find(
    ({ name, args }) =>
      name === 'navigationStart' && args.data?.documentLoaderURL?.startsWith(url) === true,
  )
  if (begin === undefined) throw new Error(`the trace holds no visit to ${url}`)
  const { pid, tid, ts: zero } = begin
  const since = (ts: number) => (ts - zero) / 1000
  const own = events.filter((event) => event.pid === pid && event.ts >= zero)
  const last = (wanted: string) => own.findLast(({ name }) => name === wanted)?.ts ?? Number.NaN
  const main = own.filter((event) => event.tid === tid)
  const long = main
    .filter(({ name }) => name === 'ThreadControllerImpl::RunTask')
    .map(({ dur = 0 }) => dur / 1000)
    .filter((duration) => duration > LONG_TASK)
  return {
    paint: since(last('firstContentfulPaint')),
    largest: since(last('largestContentfulPaint::Candidate')),
    long,
    blocked: long.reduce((sum, duration) => sum + duration - LONG_TASK, 0),
    shift: own
      .filter(({ name, args }) => name === 'LayoutShift' && args.data?.had_recent_input !== true)
      .reduce((sum, { args }) => sum + (args.data?.score ?? 0), 0),
  }
}
