import type { FreshnessPolicy, Signer, Trust } from '@netcert/credential'
import { createDisclosureReceipt, type WalletAnswer } from '@netcert/protocol'
import type { AccreditedPlatform } from './accredited-platform.js'
import type { MinorActStore } from './minor-act.js'
import { readJoining } from './vp-act.js'
import { judgeAnswer, type VerifiedAnswers } from './vp-judge.js'
import { returnAddress } from './vp-result.js'
import { encodeOutcome, refusalOf, type Retention, walletRefusal } from './vp-outcome.js'
import { randomText, sessionGone, type VpSession, type VpSessionStore } from './vp-session.js'
import { type AskedUnder, assertTerms } from './vp-terms.js'
import { type AuthorisedTransaction, authorisedTransactions } from './vp-transaction.js'

/** What a wallet is told after its answer was taken. */
export type Settled = {
  readonly redirectUri: string | null
  /** Signed by the accredited key; null for a refusal, and where nobody is accredited. */
  readonly receipt: string | null
}

/** What an answer is judged with. */
export type SettleOptions = {
  readonly identity: { readonly signer: Signer }
  readonly sessions: VpSessionStore
  readonly trust: () => Trust | Promise<Trust>
  readonly clock: () => Date
  readonly freshness: FreshnessPolicy
  readonly platform: () => AccreditedPlatform | null
  /** Where acts of minors wait for their second answer. */
  readonly acts?: MinorActStore
}

/**
 * Judges an answer and ends its session. Judged first and settled in one step: a crash between leaves
 * the request open, never half done.
 *
 * @throws As `judgeAnswer`, `assertTerms` and `readJoining`; VerifierError `session_used`, `session_expired`,
 *   `session_unknown`
 */
export async function settleAnswer(
  options: SettleOptions,
  session: VpSession,
  answer: WalletAnswer,
): Promise<Settled> {
  if (answer.kind === 'error') return settleRefusal(options, session, walletRefusal(answer.error))
  const { sessions, clock } = options
  const { requestId, returnTo, purpose } = session
  const now = clock()
  const given = { answer, now }
  const retention = retentionOf(session, now)
  const { joining, ...judged } = await judge(options, session, given)
    .then(async (found) => ({
      ...found,
      joining: await readJoining(options, session, { ...found, retention }),
    }))
    .catch(async (error: unknown) => {
      await settleRefusal(options, session, error)
      throw error
    })
  const receipt = await receiptOf(options, session, given)
  const responseCode = returnTo === null ? null : randomText()
  const outcome = encodeOutcome({ kind: 'verified', purpose, ...judged, retention })
  const settled = await sessions.settle(requestId, { outcome, responseCode })
  if (settled !== 'settled') throw sessionGone(settled)
  await joining?.(responseCode)
  return { redirectUri: returnAddress(returnTo, responseCode), receipt }
}

type Given = {
  readonly answer: Extract<WalletAnswer, { readonly kind: 'presentations' }>
  readonly now: Date
}

async function judge(
  { trust, freshness, platform }: SettleOptions,
  { query, audience, nonce, terms, transactionData = [] }: VpSession,
  { answer, now }: Given,
): Promise<{
  readonly credentials: VerifiedAnswers
  readonly first: string
  readonly transactions: readonly AuthorisedTransaction[]
}> {
  const credentials = await judgeAnswer({
    ...{ trust: await trust(), freshness: terms.freshness ?? freshness, now },
    ...{ query, audience, nonce, vpToken: answer.vpToken },
    platform: platform()?.number ?? null,
  })
  assertTerms(terms, Object.values(credentials).flat(), now)
  const first = query.credentials.find(({ id }) => Object.hasOwn(credentials, id))?.id ?? ''
  const transactions = authorisedTransactions(transactionData, answer.vpToken)
  return { credentials, first, transactions }
}

/** Over the browser the answer passes through the page, and no reply reaches the wallet. */
async function receiptOf(
  { identity }: SettleOptions,
  { terms, mode }: VpSession,
  { answer, now }: Given,
): Promise<string | null> {
  const { accreditation } = terms
  if (accreditation === null || mode.startsWith('dc_api')) return null
  return createDisclosureReceipt({
    signer: identity.signer,
    platformId: accreditation.platformId,
    accreditationId: accreditation.id,
    purposeId: accreditation.purposeId,
    // Whatever was disclosed is in the receipt, asked for or not.
    presentations: Object.values(answer.vpToken).flat(),
    issuedAt: now,
    retentionEndsAt: retentionEnd(accreditation, now),
  })
}

function retentionOf({ terms }: VpSession, now: Date): Retention | null {
  const { accreditation } = terms
  if (accreditation === null) return null
  return {
    endsAt: retentionEnd(accreditation, now),
    mayStoreClaims: accreditation.storesRawClaims,
  }
}

function retentionEnd({ retentionSeconds }: AskedUnder, now: Date): Date {
  return new Date(now.getTime() + retentionSeconds * 1000)
}

async function settleRefusal(
  { sessions }: SettleOptions,
  session: VpSession,
  error: unknown,
): Promise<Settled> {
  const refusal = refusalOf(error)
  if (refusal === null) throw error
  const settled = await sessions.settle(session.requestId, {
    outcome: encodeOutcome(refusal),
    // A refusal holds nothing to protect; its front end learns of it wherever it waits.
    responseCode: null,
  })
  if (settled !== 'settled') throw sessionGone(settled)
  return { redirectUri: returnAddress(session.returnTo, randomText()), receipt: null }
}
