import { CredentialError, type CredentialErrorCode, type Freshness } from '@netcert/credential'
import { ProtocolError, type ProtocolErrorCode } from '@netcert/protocol'
import { VerifierError, type VerifierErrorCode } from './errors.js'
import type { VerificationResult } from './result.js'
import type { VerifiedAnswers } from './vp-judge.js'
import type { AuthorisedTransaction } from './vp-transaction.js'

/**
 * What a platform gets for a request over OpenID4VP: the result for the first credential query that
 * was answered and, by the `id` of each query, everything that was presented.
 */
export type PresentationResult = VerificationResult & {
  readonly credentials: VerifiedAnswers
  /** The name that the request was made under; null where it had none. */
  readonly purpose: string | null
  /** What the holder authorised with it; everything that was asked, or there is no result. */
  readonly transactions: readonly AuthorisedTransaction[]
  /** What may be kept of it, as the accreditation says; null where nobody was accredited to ask. */
  readonly retention: Retention | null
}

/** How long a platform may keep what it received, and in which form. */
export type Retention = {
  readonly endsAt: Date
  /** false: result and facts only while they are used; no claim may be stored. */
  readonly mayStoreClaims: boolean
}

/** How a request ended. It never holds a presentation, only what was asked for, or a code. */
export type Outcome =
  | {
      readonly kind: 'verified'
      readonly purpose: string | null
      readonly credentials: VerifiedAnswers
      /** `id` of the first query that was answered: an object does not keep every order. */
      readonly first: string
      readonly retention: Retention | null
      readonly transactions: readonly AuthorisedTransaction[]
    }
  | {
      readonly kind: 'refused'
      readonly layer: 'credential' | 'protocol' | 'verifier'
      readonly code: string
      readonly message: string
      /** Where that is why: how far the word about the certificate could be trusted. */
      readonly freshness?: Freshness
    }

/** The outcome of a failure; null when it is none of ours, so that the request stays open. */
export function refusalOf(error: unknown): Outcome | null {
  if (error instanceof CredentialError) {
    const { freshness } = error
    return { ...refused('credential', error), ...(freshness === null ? {} : { freshness }) }
  }
  if (error instanceof ProtocolError) return refused('protocol', error)
  if (error instanceof VerifierError) return refused('verifier', error)
  return null
}

/** What an error of a wallet means to whoever asked (OpenID4VP 1.0 §8.5). */
export function walletRefusal(error: string): VerifierError {
  // §8.5: that there is no such certificate and that the holder refuses look alike.
  return error === 'access_denied'
    ? new VerifierError('wallet_declined', 'the wallet presented nothing; offer another means.')
    : new VerifierError('wallet_failed', `the wallet could not answer (${error}); ask anew.`)
}

function refused(
  layer: 'credential' | 'protocol' | 'verifier',
  { code, message }: { readonly code: string; readonly message: string },
): Extract<Outcome, { kind: 'refused' }> {
  return { kind: 'refused', layer, code, message }
}

/** The text of an outcome for a store. */
export function encodeOutcome(outcome: Outcome): string {
  return JSON.stringify(outcome)
}

/**
 * The result in the text of {@link encodeOutcome}.
 *
 * @throws The refusal, as it was raised when the answer came.
 */
export function openOutcome(text: string): PresentationResult {
  const outcome = JSON.parse(text) as Outcome
  if (outcome.kind === 'refused') throw revive(outcome)
  const credentials = Object.fromEntries(
    Object.entries(outcome.credentials).map(([id, results]) => [id, results.map(withInstants)]),
  )
  const first = credentials[outcome.first]?.[0]
  if (first === undefined) throw new TypeError('a verified outcome without a result')
  const { purpose, retention, transactions } = outcome
  return {
    ...first,
    credentials,
    purpose,
    transactions,
    retention: retention === null ? null : { ...retention, endsAt: new Date(retention.endsAt) },
  }
}

// A store keeps text, and JSON knows no instants.
function withInstants(result: VerificationResult): VerificationResult {
  return { ...result, freshness: withInstant(result.freshness) }
}

function withInstant<Word extends { readonly asOf: Date }>(word: Word): Word {
  return { ...word, asOf: new Date(word.asOf) }
}

function revive(outcome: Extract<Outcome, { kind: 'refused' }>): Error {
  const { layer, code, message, freshness } = outcome
  switch (layer) {
    case 'credential':
      return new CredentialError(code as CredentialErrorCode, message, {
        ...(freshness === undefined ? {} : { freshness: withInstant(freshness) }),
      })
    case 'protocol':
      return new ProtocolError(code as ProtocolErrorCode, message)
    case 'verifier':
      return new VerifierError(code as VerifierErrorCode, message)
  }
}
