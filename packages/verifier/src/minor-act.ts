import type { FreshnessPolicy } from '@netcert/credential'
import type { LocalisedText, MinorActMembers } from '@netcert/protocol'
import type { AccountKey } from './account-key.js'
import { VerifierError } from './errors.js'
import type { VerificationResult } from './result.js'
import type { Retention } from './vp-outcome.js'

/** How long an act waits for its guardian at most. */
export const ACT_WAIT_SECONDS = 86_400
/** How far ahead a consent may reach. */
export const ACT_MAX_SECONDS = 31 * 86_400
/** Requests to guardians for one act; each link that is opened makes one. */
export const ACT_MAX_REQUESTS = 20
/** Acts that may wait at once; one more is refused (`sessions_full`). */
export const ACT_CAPACITY = 5_000

/** What a platform asks consent to. It is its server that says so, never a page. */
export type MinorAct = {
  /** What will be done, as both of them read it before they agree; 1 to 200 characters each. */
  readonly action: LocalisedText
  /** What it may cost at most, as a decimal number; null: it costs nothing. */
  readonly limit: { readonly amount: string; readonly currency: string } | null
  /** Until when the consent is good; at most 31 days ahead. */
  readonly expiresAt: Date
  /** Only the holder of this account may act: give it where somebody is signed in. */
  readonly expectedAccount?: AccountKey
  readonly freshness?: FreshnessPolicy
}

/** Which of the two answers a request is for. */
export type ActPart = 'minor' | 'guardian'

/** What ties a request to an act; kept with its session. */
export type ActTerm = {
  /** SHA-256 of the act's id: what is kept leads to no result. */
  readonly act: string
  readonly part: ActPart
}

/** One of the two answers, as it was verified. */
export type ActAnswer = {
  readonly requestId: string
  readonly result: VerificationResult
  /** SHA-256 of the entry of `transaction_data` that it signs. */
  readonly transaction: string
  readonly retention: Retention | null
}

/** An act on its way. */
export type ActRecord = {
  /** The platform's name for acts of this kind. */
  readonly name: string
  readonly members: MinorActMembers
  readonly freshness: FreshnessPolicy | null
  /** Session of the request to the minor. */
  readonly minorSession: string
  readonly minor: ActAnswer | null
  /** SHA-256 of the code that the minor's wallet brought back and nobody has shown yet. */
  readonly awaitedCode: string | null
  /** Session of the newest request to a guardian. */
  readonly guardianSession: string | null
  readonly guardian: ActAnswer | null
  /** Requests to guardians so far. */
  readonly asked: number
  readonly endsAt: Date
}

/** What is known of an act that somebody names. */
export type FoundAct =
  | { readonly state: 'open'; readonly key: string; readonly act: ActRecord }
  | { readonly state: 'delivered' | 'ended' | 'unknown' }

/** By the secret that the platform's page has, the one in a guardian's link, or the key of the row. */
export type ActName = { readonly by: 'id' | 'handover' | 'key'; readonly value: string }

/**
 * Keeps acts between two people's answers. Implementations: {@link memoryMinorActs}, and the database
 * store behind `@netcert/verifier/vp-open`.
 */
export type MinorActStore = {
  /** @throws VerifierError `sessions_full` */
  put(names: { readonly id: string; readonly handover: string }, act: ActRecord): Promise<void>
  find(name: ActName): Promise<FoundAct>
  /**
   * Changes an open act in one step: `change` sees what is there now and may be called again when
   * somebody else was faster; what it throws changes nothing.
   *
   * @throws VerifierError as {@link actGone}; whatever `change` throws
   */
  change(key: string, change: (act: ActRecord) => ActRecord): Promise<ActRecord>
  /** Hands a complete act out once and forgets it. @returns null where another call was faster. */
  take(key: string): Promise<ActRecord | null>
}

/** @throws VerifierError `result_delivered`, `act_ended`, `act_unknown` */
export function actGone(state: 'delivered' | 'ended' | 'unknown'): VerifierError {
  switch (state) {
    case 'delivered':
      return new VerifierError('result_delivered', 'the consent was handed out already; ask anew.')
    case 'ended':
      return new VerifierError('act_ended', 'the act waits no longer for a consent; ask anew.')
    case 'unknown':
      return new VerifierError('act_unknown', 'there is no such act; begin it first.')
  }
}

/** The open act of a name. @throws VerifierError as {@link actGone} */
export async function requireAct(
  acts: MinorActStore,
  name: ActName,
): Promise<{ readonly key: string; readonly act: ActRecord }> {
  const found = await acts.find(name)
  if (found.state === 'open') return found
  throw actGone(found.state)
}
