/** Why something was not fetched. */
export type FetchErrorCode =
  /** The address, or what its name resolves to, may not be asked. */
  | 'fetch_blocked'
  /** Nobody answered, or what answered is no HTTP or has no valid certificate. */
  | 'fetch_failed'
  | 'fetch_timeout'
  /** The answer is larger than its bound. */
  | 'fetch_too_large'
  /** The answer leads elsewhere; it is not followed. */
  | 'fetch_redirected'
  /** The answer is compressed although nobody asked for that, or no UTF-8. */
  | 'fetch_encoding'

/** Something could not be fetched. The message names no address: it may hold a secret. */
export class FetchError extends Error {
  override readonly name = 'FetchError'
  readonly code: FetchErrorCode
  /** Certain that nobody was connected to, so that nothing left; false: it may have. */
  readonly neverSent: boolean

  constructor(
    code: FetchErrorCode,
    message: string,
    options: { readonly cause?: unknown; readonly neverSent?: boolean } = {},
  ) {
    super(message, options)
    this.code = code
    this.neverSent = options.neverSent ?? false
  }
}

/** @returns FetchError */
export function blocked(cause?: unknown): FetchError {
  const text =
    'The address may not be asked: only https to a public host is allowed; on this machine, http ' +
    'needs the flag for it.'
  return new FetchError('fetch_blocked', text, { cause, neverSent: true })
}

/**
 * What became of a question that broke off.
 *
 * @param signal - What ends it when its time is over.
 * @returns FetchError; one that is told already as it is.
 */
export function brokenOff(cause: unknown, signal: AbortSignal): FetchError {
  if (cause instanceof FetchError) return cause
  return signal.aborted ? tooSlow(cause) : unanswered(cause)
}

function tooSlow(cause: unknown): FetchError {
  return new FetchError('fetch_timeout', 'The other side took too long; try again later.', {
    cause,
  })
}

function unanswered(cause: unknown): FetchError {
  const text = 'The other side could not be reached or does not answer properly; try again later.'
  return new FetchError('fetch_failed', text, { cause, neverSent: isBeforeConnection(cause) })
}

/** The steps of the system before anything can be sent: finding the address, and connecting to it. */
const BEFORE_CONNECTION: ReadonlySet<unknown> = new Set(['getaddrinfo', 'connect'])

function isBeforeConnection(cause: unknown): boolean {
  // Several addresses of one name: none of them may have been connected to.
  if (cause instanceof AggregateError) {
    return cause.errors.length > 0 && cause.errors.every(isBeforeConnection)
  }
  return cause instanceof Error && 'syscall' in cause && BEFORE_CONNECTION.has(cause.syscall)
}

/** @returns FetchError */
export function tooLarge(maxBytes: number): FetchError {
  return new FetchError('fetch_too_large', `The answer has more than ${maxBytes} bytes; stop here.`)
}

/** @returns FetchError */
export function redirected(): FetchError {
  const text = 'The answer leads elsewhere, and redirects are not followed; ask for the right link.'
  return new FetchError('fetch_redirected', text)
}

/** @returns FetchError */
export function unreadable(cause?: unknown): FetchError {
  const text = 'The answer is compressed or no UTF-8; its server must send plain text.'
  return new FetchError('fetch_encoding', text, { cause })
}
