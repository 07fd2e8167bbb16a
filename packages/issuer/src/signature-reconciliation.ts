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
  /** Every 60 seconds when nothing else is said. */
  readonly intervalSeconds?: number
}

/** A watch over the signatures; `look` looks at once, and `close` ends it and waits for the last look. */
export type SignatureWatch = { look(): Promise<void>; close(): Promise<void> }

/** An alarm comes within a minute. */
export const WATCH_SECONDS = 60

/**
 * Compares now and every minute. A difference is an alarm: a line for the operator at each look, and nothing
 * more is signed, by any process, until an operator has resumed it.
 */
export function watchSignatures(options: WatchSignaturesOptions): SignatureWatch {
  const { store, clock, log, intervalSeconds = WATCH_SECONDS } = options
  let looking: Promise<void> | undefined
  const look = async () => {
    const findings = await compareSignatures(store)
    if (findings.length > 0) await store.halt(Math.floor(clock().getTime() / 1000))
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

/** A code or a name, never a message. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return 'code' in error ? String(error.code) : error.name
}
