import { epochSeconds } from '@netcert/credential'
import type { SignatureStore } from './signature-store.js'

/** Signatures that no plan accounts for: a key or a signer was used for something else. */
export type SignatureFinding = {
  readonly code: 'signature_unplanned' | 'signatures_exceed_plan'
  readonly what: string
}

/**
 * Compares what was signed with what was planned; empty when they agree, or when an operator has
 * looked into each difference already.
 */
export async function compareSignatures(
  store: Pick<SignatureStore, 'mismatch' | 'accepted'>,
): Promise<readonly SignatureFinding[]> {
  const { unplanned, exceeding, batches } = await store.mismatch()
  if (unplanned + exceeding <= (await store.accepted())) return []
  const named = `first: ${batches.map((batch) => JSON.stringify(batch)).join(', ')}`
  const findings: SignatureFinding[] = []
  if (unplanned > 0) {
    const what = `${unplanned} batches were signed without a plan (${named}).`
    findings.push({ code: 'signature_unplanned', what })
  }
  if (exceeding > 0) {
    const what = `${exceeding} batches have more signatures than planned copies (${named}).`
    findings.push({ code: 'signatures_exceed_plan', what })
  }
  return findings
}

export type WatchSignaturesOptions = {
  readonly store: SignatureStore
  readonly clock: () => Date
  /** Lines for the operator. */
  readonly log: (line: string) => void
  /** Every minute when nothing else is said. */
  readonly intervalSeconds?: number
}

/** A watch over the signatures; `look` looks at once, and `close` ends it and waits for the last look. */
export type SignatureWatch = { look(): Promise<void>; close(): Promise<void> }

/** An alarm comes within a minute. */
export const WATCH_SECONDS = 60

/** The whole is compared at the start and then every hour, what was counted since each time. */
const WHOLE_SECONDS = 3600
/** Rows of transactions that ended later than those after them. */
const OVERLAP = 10_000

/**
 * Compares now and every minute. A difference is an alarm: a line for the operator at each look, and
 * nothing more is signed, by any process, until an operator has resumed it.
 */
export function watchSignatures(options: WatchSignaturesOptions): SignatureWatch {
  const { store, clock, log, intervalSeconds = WATCH_SECONDS } = options
  const seen = { upTo: 0, wholeAt: Number.NEGATIVE_INFINITY }
  let looking: Promise<void> | undefined
  const look = async () => {
    const at = epochSeconds(clock())
    const findings = await compareNew(store, seen, at)
    if (findings.length > 0) await store.halt(at)
    for (const { code, what } of findings) log(`ALARM ${code}: ${what} Nothing more is signed.`)
  }
  /** A look that takes long is not overtaken by the next. */
  const lookOnce = () => {
    looking ??= look().finally(() => {
      looking = undefined
    })
    return looking
  }
  const tick = () => {
    lookOnce().catch((error: unknown) => log(`ALARM signatures_unknown: ${nameOf(error)}`))
  }
  tick()
  const timer = setInterval(tick, intervalSeconds * 1000).unref()
  return {
    look: lookOnce,
    async close() {
      clearInterval(timer)
      await looking?.catch(() => {})
    },
  }
}

async function compareNew(
  store: SignatureStore,
  seen: { upTo: number; wholeAt: number },
  at: number,
): Promise<readonly SignatureFinding[]> {
  const last = await store.lastNumber()
  if (at - seen.wholeAt < WHOLE_SECONDS && at >= seen.wholeAt) {
    const { unplanned, exceeding } = await store.mismatch(Math.max(0, seen.upTo - OVERLAP))
    if (unplanned + exceeding === 0) {
      seen.upTo = last
      return []
    }
  }
  const findings = await compareSignatures(store)
  if (findings.length === 0) Object.assign(seen, { upTo: last, wholeAt: at })
  return findings
}

/** A code or a name, never a message. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return 'code' in error ? String(error.code) : error.name
}
