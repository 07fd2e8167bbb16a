import { describeFailure } from '../describe-failure.js'

/** What a check found: all is well, something to keep an eye on, or a problem; with its cure. */
export type Finding = {
  readonly check: string
  readonly state: 'ok' | 'warning' | 'problem'
  /** What was found, one sentence. */
  readonly found: string
  /** What to do; absent where all is well. */
  readonly cure?: string
  /** Stable name of the problem; absent where all is well. */
  readonly code?: string
}

/** A check that found nothing wrong. */
export function well(check: string, found: string): Finding {
  return { check, state: 'ok', found }
}

/** A check that found something worth knowing. */
export function warning(check: string, code: string, found: string, cure: string): Finding {
  return { check, state: 'warning', found, cure, code }
}

/** A check that found something that must be put right. */
export function problem(check: string, code: string, found: string, cure: string): Finding {
  return { check, state: 'problem', found, cure, code }
}

/** A check that could not be made, or that a role refused, with the role's own code and cure. */
export function failed(check: string, error: unknown): Finding {
  const { code, message, cause, cure } = describeFailure(error)
  const found = cause === undefined ? message : `${message} (${cause})`
  return problem(check, code, found, cure ?? 'See the message; run with NETCERT_TRACE=1 for more.')
}
