import { type ClaimPath, epochSeconds } from '@netcert/credential'
import { chooseClaims, type Query, singleAnswers } from '@netcert/protocol'
import { remainingAfterUse } from './certificate-summary.js'
import type { ClaimName } from './claim-labels.js'
import { claimName, strictestClass } from './claim-labels.js'
import { consentHints, type Linkability, type Preview } from './consent.js'
import type { CopyCandidate, CopyKind } from './copy-choice.js'
import { leastRevealingFirst } from './copy-choice.js'
import { WalletError } from './errors.js'
import { audienceTag } from './ledger.js'
import { openCopy, type StoredCopy } from './received-copies.js'
import { usedUp as copiesUsedUp } from './vp-refill.js'
import type { BatchSummary, CopyRow, WalletStore } from './stores.js'
import type { Vault } from './keys.js'

/** What is asked of the wallet. */
export type Question = {
  readonly query: Query
  /** The verifier's full identifier. */
  readonly audience: string
  /** Take only this kind of copy, for example where a verifier insists on a status. */
  readonly kind?: CopyKind
}

/** A stored copy that answers a question, with what it would disclose. */
export type Answer = CopyCandidate & {
  readonly batch: BatchSummary
  readonly copy: CopyRow
  readonly held: StoredCopy
  readonly claims: readonly ClaimName[]
  readonly paths: readonly ClaimPath[]
}

/** Where answers are looked for. */
export type AnswerSource = { readonly store: WalletStore; readonly vault: Vault }

/**
 * Every certificate in the wallet that answers, least revealing first.
 *
 * @throws WalletError `copies_used_up`, `query_unanswered`; ProtocolError as `chooseClaims`
 */
export async function findAnswers(
  source: AnswerSource,
  question: Question,
  now: Date,
): Promise<readonly Answer[]> {
  const batches = (await source.store.batches(epochSeconds(now))).filter(
    ({ kind }) => question.kind === undefined || question.kind === kind,
  )
  const answers: Answer[] = []
  for (const batch of batches) {
    const answer = await answerFrom(source, question, batch, now)
    if (answer !== null) answers.push(answer)
  }
  if (answers.length === 0) throw unanswered(question.query, batches)
  return leastRevealingFirst(answers)
}

/**
 * What the least revealing answer would show, for the consent screen.
 *
 * @throws as {@link findAnswers}
 */
export async function previewAnswer(
  source: AnswerSource,
  question: Question,
  { now, linkability }: { readonly now: Date; readonly linkability: Linkability },
): Promise<Preview> {
  const [answer] = await findAnswers(source, question, now)
  if (answer === undefined) throw copiesUsedUp()
  const { batch, claims, kind, held } = answer
  const remainingAfter = remainingAfterUse(batch)
  return {
    audience: question.audience,
    vct: batch.vct,
    issuer: batch.issuer,
    kind,
    claims,
    remainingAfter,
    hints: consentHints({
      ...answer,
      certificate: batch.id,
      remainingAfter,
      shown: held.claims,
      linkability,
    }),
  }
}

/** How a copy of this batch would answer; null when it cannot, or none is left. */
export async function answerFrom(
  { store, vault }: AnswerSource,
  { query, audience }: Question,
  batch: BatchSummary,
  now: Date,
): Promise<Answer | null> {
  const copy = await store.anyCopyOf(batch.id, epochSeconds(now))
  if (copy === undefined) return null
  const ownOfAudience = copy.audience_tag === audienceTag(vault, audience)
  // A platform copy that another platform knows would link the two.
  if (copy.audience_tag !== null && !ownOfAudience) return null
  const held = openCopy(vault, copy)
  const chosen = chooseClaims(query, held)
  if (chosen === null) return null
  const claims = chosen.paths.map((path) => claimName(batch.vct, path))
  return {
    batch,
    copy,
    held,
    claims,
    ownOfAudience,
    kind: batch.kind,
    paths: chosen.paths,
    preference: chosen.preference,
    reveals: strictestClass(claims),
    expiresAt: new Date(batch.expires_at * 1000),
  }
}

function unanswered(query: Query, batches: readonly BatchSummary[]): WalletError {
  const wanted = new Set(singleAnswers(query).flatMap(({ meta }) => meta.vct_values))
  const usedUp = batches.some(({ vct, remaining }) => wanted.has(vct) && remaining === 0)
  if (usedUp) {
    return copiesUsedUp()
  }
  return new WalletError(
    'query_unanswered',
    'nothing in this wallet answers the query; fetch the certificate it asks for, or use another ' +
      'means of verification.',
  )
}
