import { encodeBase64Url } from '@netcert/credential'
import { randomBytes } from '@netcert/credential/crypto'
import type { EncryptionPrivateJwk, Query } from '@netcert/protocol'
import { VerifierError } from './errors.js'
import { assertQuerySize, SESSION_SECONDS } from './session.js'
import type { VpTerms } from './vp-terms.js'

/** By what the verifier names itself in a request (OpenID4VP 1.0 §5.9.3). */
export type ClientKind = 'did' | 'x509_hash' | 'x509_san_dns' | 'redirect_uri'
/** How a wallet's answer comes back; the two of the browser are for the Digital Credentials API. */
export type AnswerMode = 'direct_post' | 'direct_post.jwt' | 'dc_api' | 'dc_api.jwt'

/** How long a result waits to be fetched after the session's own end. */
export const RESULT_SECONDS = 300

/** One request to one wallet over OpenID4VP. It takes one answer and hands out one result. */
export type VpSession = {
  /** The transaction id: known to the front end that asked, to nobody else; 128 random bits. */
  readonly id: string
  /** Names the request in its addresses; whoever sees the QR code knows it. */
  readonly requestId: string
  readonly nonce: string
  readonly state: string
  /** The full client identifier; null where the origin of a page stands for the verifier. */
  readonly clientId: string | null
  readonly client: ClientKind | 'origin'
  /** What the wallet signs as `aud`. */
  readonly audience: string
  readonly mode: AnswerMode
  readonly query: Query
  /** Entries of `transaction_data`, as they are sent; absent where nothing is authorised. */
  readonly transactionData?: readonly string[]
  /** What the platform calls what it asks; a result is good for that alone. */
  readonly purpose: string | null
  /** Where a wallet on the same device leads back to; the result then needs the response code. */
  readonly returnTo: string | null
  /** Of this request alone; null where the answer comes in clear. */
  readonly encryptionKey: EncryptionPrivateJwk | null
  readonly terms: VpTerms
  readonly expiresAt: Date
}

/** What became of a session: text of {@link createOutcome}'s JSON, and the code that releases it. */
export type Settlement = { readonly outcome: string; readonly responseCode: string | null }

/** How far a session is, as its front end may know. */
export type SessionProgress = 'waiting' | 'answered' | 'delivered' | 'expired' | 'unknown'

/** A session as one finds it; `open` can still be answered. */
export type FoundSession =
  | { readonly state: 'open'; readonly session: VpSession }
  | { readonly state: 'used' | 'expired' | 'unknown' }

/** What a store says of a result that is asked for. */
export type Delivery =
  | { readonly state: 'delivered'; readonly outcome: string }
  | { readonly state: 'waiting' | 'wrong_code' | 'used' | 'expired' | 'unknown' }

/**
 * Keeps sessions between request, answer and result. Implementations: {@link memoryVpSessions}, and
 * the database store behind `@netcert/verifier/vp-open`.
 */
export type VpSessionStore = {
  /** @throws VerifierError `sessions_full` */
  put(session: VpSession): Promise<void>
  find(requestId: string): Promise<FoundSession>
  /** The one answer: of any number of simultaneous calls exactly one gets `settled`. */
  settle(
    requestId: string,
    settlement: Settlement,
  ): Promise<'settled' | 'used' | 'expired' | 'unknown'>
  progress(id: string): Promise<SessionProgress>
  /** Hands the outcome out once, and forgets it. Codes are compared in constant time. */
  deliver(id: string, responseCode: string | null): Promise<Delivery>
}

type NewVpSession = Omit<VpSession, 'id' | 'requestId' | 'nonce' | 'state' | 'expiresAt'>

/** Makes a session; `options` gets the fresh request id, which some client identifiers hold. */
export function createVpSession(
  now: Date,
  options: (requestId: string) => NewVpSession,
): VpSession {
  const requestId = randomText()
  const rest = options(requestId)
  assertQuerySize(rest.query)
  return {
    ...rest,
    id: randomText(),
    requestId,
    nonce: randomText(),
    state: randomText(),
    expiresAt: new Date(now.getTime() + SESSION_SECONDS * 1000),
  }
}

/** 128 random bits as base64url: an id, a nonce, a response code. */
export function randomText(): string {
  const text = encodeBase64Url(randomBytes(16))
  // A command line would take it for an option; drawing again keeps what is left uniform.
  return text.startsWith('-') ? randomText() : text
}

/** What {@link randomText} makes; anything else need not be looked up. */
export function isRandomText(text: string): boolean {
  return /^[A-Za-z0-9_-]{22}$/.test(text)
}

/** @throws VerifierError `session_used`, `session_expired`, `session_unknown` */
export function sessionGone(state: 'used' | 'expired' | 'unknown'): VerifierError {
  switch (state) {
    case 'used':
      return new VerifierError('session_used', 'this request already had its one answer; ask anew.')
    case 'expired':
      return new VerifierError('session_expired', 'the request has expired; ask anew.')
    case 'unknown':
      return new VerifierError(
        'session_unknown',
        'there is no such request: it never existed, or it ended long ago; ask anew.',
      )
  }
}
