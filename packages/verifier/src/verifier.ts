import type { FreshnessPolicy, Trust } from '@netcert/credential'
import type { Query } from '@netcert/protocol'
// Not the package's root: that brings zod, which alone takes longer to load than this verifier may.
import { demandsFor } from '@netcert/protocol/dcql'
import {
  type AccreditedPlatform,
  chooseAccreditation,
  type ChooseAccreditationOptions,
} from './accredited-platform.js'
import { VerifierError } from './errors.js'
import { judgePresentation, KEY_BINDING_MAX_AGE_SECONDS } from './judge.js'
import type { ReplayCache } from './replay.js'
import type { VerificationResult } from './result.js'
import { resultOf } from './result.js'
import type { Session, SessionStore } from './session.js'
import { createSession, requireTaken } from './session.js'

/** A KB-JWT may be dated this far ahead, so a replay has to be remembered this much longer. */
const CLOCK_SKEW_SECONDS = 120

/** Options of {@link createVerifier}. All are required: security depends on each. */
export type VerifierOptions = {
  /** Asked for each presentation; return the newest trust you hold. Nothing is fetched here. */
  readonly trust: () => Trust | Promise<Trust>
  /** This verifier's full identifier, prefix included: what wallets sign as `aud`. */
  readonly audience: string
  readonly clock: () => Date
  /** How old the evidence of "not revoked" may be. */
  readonly freshness: FreshnessPolicy
  readonly sessions: SessionStore
  /**
   * Whose numbers are opened and what may be asked; null: nobody is accredited, so facts alone are
   * asked.
   */
  readonly platform: () => AccreditedPlatform | null
}

/** A verifier: asks, and judges the answers. */
export type Verifier = {
  /**
   * Starts a session for one query.
   *
   * @throws ProtocolError when no single certificate can answer the query; VerifierError
   *   `sessions_full`, `query_too_large`, `over_asking`, `unaccredited`
   */
  createSession(options: { readonly query: Query }): Promise<Session>
  /**
   * Judges the one response to a session. The session is used up even when this throws.
   *
   * @throws CredentialError with the code of the step that failed; VerifierError `session_used`,
   *   `session_expired`, `session_unknown`
   */
  verify(options: {
    readonly session: string
    readonly presentation: string
  }): Promise<VerificationResult>
}

/** Makes a verifier. It opens no socket and reads no file, clock or environment of its own accord. */
export function createVerifier(options: VerifierOptions): Verifier {
  const { trust, audience, clock, freshness, sessions, platform } = options
  return {
    async createSession({ query }) {
      // Refused here and not at the response: the platform learns of its mistake before a citizen does.
      demandsFor(query)
      const session = createSession({ audience, query, now: clock() })
      assertAskable({ query, platform: platform(), until: session.expiresAt })
      await sessions.put(session)
      return session
    },
    async verify({ session: id, presentation }) {
      const session = requireTaken(await sessions.take(id))
      const verified = await judgePresentation({
        trust: await trust(),
        presentation,
        audience: session.audience,
        nonce: session.nonce,
        demands: demandsFor(session.query),
        freshness,
        platform: platform()?.number ?? null,
        keyBindingMaxAgeSeconds: KEY_BINDING_MAX_AGE_SECONDS,
        now: clock(),
      })
      return resultOf(verified)
    },
  }
}

/** A query that is handed over as it is: no request object carries an accreditation. */
function assertAskable(
  asked: Pick<ChooseAccreditationOptions, 'query' | 'platform' | 'until'>,
): void {
  chooseAccreditation({ ...asked, purpose: null, signing: { by: 'hand' } })
}

/** Options of {@link verifyOnce}. */
export type VerifyOnceOptions = {
  readonly trust: Trust
  /** `<issuer-jwt>~<disclosures>~<kb-jwt>` */
  readonly presentation: string
  readonly audience: string
  readonly nonce: string
  readonly query: Query
  readonly freshness: FreshnessPolicy
  readonly now: Date
  /** Where accepted presentations are remembered; null only when the caller uses each nonce once. */
  readonly replays: ReplayCache | null
  /** As {@link VerifierOptions.platform}: what it may not ask is not judged either. */
  readonly platform: AccreditedPlatform | null
  /** How old the wallet's signature may be. Default 300 s. */
  readonly keyBindingMaxAgeSeconds?: number
}

/**
 * Verifies one presentation without a session.
 *
 * @throws CredentialError with the code of the step that failed; ProtocolError for a query no single
 *   certificate answers; VerifierError `presentation_replayed`, `replays_full`, `over_asking`,
 *   `unaccredited`
 */
export async function verifyOnce(options: VerifyOnceOptions): Promise<VerificationResult> {
  const { query, replays, platform, now, ...rest } = options
  const maxAgeSeconds = options.keyBindingMaxAgeSeconds ?? KEY_BINDING_MAX_AGE_SECONDS
  const demands = demandsFor(query)
  assertAskable({ query, platform, until: now })
  const verified = await judgePresentation({
    ...{ ...rest, now, demands },
    platform: platform?.number ?? null,
    keyBindingMaxAgeSeconds: maxAgeSeconds,
  })
  // After the checks: only what was accepted needs remembering, so junk cannot fill the cache.
  const fresh = await replays?.remember({
    holderKey: verified.holderKey,
    nonce: options.nonce,
    until: new Date(now.getTime() + (maxAgeSeconds + CLOCK_SKEW_SECONDS) * 1000),
  })
  if (fresh === false) {
    throw new VerifierError(
      'presentation_replayed',
      'this presentation was accepted before; ask for a new one with a new nonce.',
    )
  }
  return resultOf(verified)
}
