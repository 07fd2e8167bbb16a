import { encodeBase64Url } from '@netcert/credential'
import { randomBytes } from '@netcert/credential/crypto'
import type { Query } from '@netcert/protocol'
import { VerifierError } from './errors.js'

/** How long a session waits for its one response. */
export const SESSION_SECONDS = 300
/** How many sessions may wait at once; one more is refused (`sessions_full`). */
export const SESSION_CAPACITY = 5_000

/** Sessions are held in numbers, so the query of each is bounded. */
const MAX_QUERY_LENGTH = 8 * 1024
/** 128 bits: neither an id nor a nonce can be guessed. */
const RANDOM_BYTES = 16

/** One request to one wallet: it takes one response, whatever comes of it. */
export type Session = {
  /** Known to the platform only; 128 random bits, base64url. */
  readonly id: string
  /** What the wallet signs; 128 random bits, base64url. */
  readonly nonce: string
  /** What the wallet signs as `aud`: the verifier's full identifier. */
  readonly audience: string
  readonly query: Query
  readonly expiresAt: Date
}

/** What a store knows of a session that a response names. */
export type TakenSession =
  | { readonly state: 'taken'; readonly session: Session }
  | { readonly state: 'used' | 'expired' | 'unknown' }

/**
 * Keeps sessions between request and response. Implementations: {@link memorySessions}, and the
 * database store behind `@netcert/verifier/open`.
 */
export type SessionStore = {
  /** @throws VerifierError `sessions_full` */
  put(session: Session): Promise<void>
  /** Hands a session out once: of any number of simultaneous calls exactly one gets `taken`. */
  take(id: string): Promise<TakenSession>
}

/** Makes a session for one query. */
export function createSession(options: {
  readonly audience: string
  readonly query: Query
  readonly now: Date
}): Session {
  assertQuerySize(options.query)
  return {
    id: randomText(),
    nonce: randomText(),
    audience: options.audience,
    query: options.query,
    expiresAt: new Date(options.now.getTime() + SESSION_SECONDS * 1000),
  }
}

/** @throws VerifierError `query_too_large` */
export function assertQuerySize(query: Query): void {
  if (JSON.stringify(query).length <= MAX_QUERY_LENGTH) return
  throw new VerifierError(
    'query_too_large',
    `the query is longer than ${MAX_QUERY_LENGTH} characters; ask for less.`,
  )
}

/**
 * The session, if it was there to take.
 *
 * @throws VerifierError `session_used`, `session_expired`, `session_unknown`
 */
export function requireTaken(taken: TakenSession): Session {
  switch (taken.state) {
    case 'taken':
      return taken.session
    case 'used':
      throw new VerifierError(
        'session_used',
        'this session already had its one response; start a new session.',
      )
    case 'expired':
      throw new VerifierError('session_expired', 'the session has expired; start a new session.')
    case 'unknown':
      throw new VerifierError(
        'session_unknown',
        'there is no such session: it never existed, or it ended long ago; start a new session.',
      )
  }
}

function randomText(): string {
  return encodeBase64Url(randomBytes(RANDOM_BYTES))
}
