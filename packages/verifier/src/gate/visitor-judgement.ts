import { CredentialError, type Platform, type VerifiedPresentation } from '@netcert/credential'
import { ProtocolError } from '@netcert/protocol'
import { unpackAnswer, type UnpackedAnswer } from '@netcert/protocol/gate'
import { VerifierError } from '../errors.js'
import type { AdmissionList } from './admission-list.js'
import type { Challenges } from './challenges.js'
import type { GateOptions } from './create-gate.js'
import type { GateCode } from './gate-codes.js'
import type { Entered, EntryBy, LedgerEntry } from './gate-ledger.js'
import type { LaneNonces, NonceMoment } from './gate-nonces.js'
import { type GateTags, tagVisitor } from './gate-tags.js'
import { judgeVisitor, type JudgeVisitorOptions, saysNo, waysOfNonce } from './judge-answer.js'
import type { LaneRules } from './lane-rules.js'
import { visitorRefusal } from './visitor-refusals.js'

/** What became of an answer, before it is put into words. */
export type Judgement =
  | {
      readonly outcome: 'in'
      readonly verified: VerifiedPresentation
      readonly by: EntryBy
      readonly entry: number
    }
  | {
      readonly outcome: 'refused'
      readonly code: GateCode
      readonly detail: string | null
      readonly by: EntryBy | null
      readonly before: LedgerEntry | null
    }

/** What judging needs besides the answer. */
export type JudgementGround = Pick<GateOptions, 'lane' | 'keys' | 'trust' | 'ledger'> & {
  readonly rules: LaneRules
  readonly nonces: LaneNonces
  readonly challenges: Challenges
  readonly platform: Platform | null
  readonly admission: () => AdmissionList | null
}

/** Unpacking tries so many nonces at once. */
const NONCES_AT_ONCE = 16

/**
 * Judges an answer: which challenge it answers, whether it may come this way, the presentation by the
 * rules of all presentations, the ticket, and at last the entry, which is durable when this resolves.
 * What costs little comes first.
 */
export async function judgeAnswer(
  ground: JudgementGround,
  code: string,
  { now, ...moment }: NonceMoment & { readonly now: Date },
): Promise<Judgement> {
  let by: EntryBy | null = null
  try {
    const unpacked = await unpack(ground, code, moment)
    if ('refusal' in unpacked) return refused(unpacked.refusal, 'gate_code_nonce')
    by = unpacked.nonceCarried ? waysOfNonce(unpacked.nonce) : 'challenge'
    const closed = closedWay(ground, by, unpacked)
    if (by === null || closed !== null) return refused(closed ?? 'nonce_unknown', null, by)
    const demanded = { ...demandsOf(ground, unpacked, now), by }
    return await judgeEntry(ground, demanded)
  } catch (error) {
    if (!isRefusal(error)) throw error
    return refused(visitorRefusal(error.code), error.code, by)
  }
}

/** A genuine pass that says no is told from one that does not show what is asked. */
async function judgeEntry(
  ground: JudgementGround,
  demanded: JudgeVisitorOptions,
): Promise<Judgement> {
  try {
    return await enter(ground, demanded, await judgeVisitor(demanded))
  } catch (error) {
    const unsatisfied = isRefusal(error) && error.code === 'query_unsatisfied'
    if (!unsatisfied || !(await saysNo(demanded))) throw error
    return refused('condition_unmet', error.code, demanded.by)
  }
}

async function enter(
  { lane, keys, ledger, admission }: JudgementGround,
  { by, now: at, nonce }: JudgeVisitorOptions,
  verified: VerifiedPresentation,
): Promise<Judgement> {
  const { holderKey } = verified
  const platformNumber = lane.kind === 'ticket' ? verified.platformNumber : null
  if (lane.kind === 'ticket' && platformNumber === null) {
    return refused('ticket_unproven', 'platform_number_r_missing', by)
  }
  const tagged = { event: lane.event.id, holderKey, nonce, platformNumber }
  const tags = await tagVisitor(keys.tagMac, tagged)
  if (tags.person !== null && admission()?.has(tags.person) === false) {
    return refused('no_ticket', null, by)
  }
  const entered = await ledger.enter({ ...tags, at, by })
  if (entered.state === 'before') return usedBefore(entered, tags, by)
  return { outcome: 'in', verified, by, entry: entered.number }
}

/** The very same code, the same pass, or the same person with another copy. */
function usedBefore(
  { entry: before }: Extract<Entered, { state: 'before' }>,
  { answer, person }: GateTags,
  by: EntryBy,
): Judgement {
  // A ticket's copy may be shown often; that its person is in already is what staff need to know.
  const used = person === null ? 'pass_used' : 'person_entered'
  const code = before.answer === answer ? 'code_used' : used
  return { outcome: 'refused', code, detail: null, by, before }
}

async function unpack(
  { lane, nonces, challenges }: JudgementGround,
  code: string,
  moment: NonceMoment,
): Promise<UnpackedAnswer | { readonly refusal: 'nonce_late' | 'nonce_unknown' }> {
  const audience = lane.clientId
  const decryptionKeys = challenges.decryptionKeys(moment.epoch)
  const accepted = await nonces.accepted(moment)
  try {
    return await unpackAnswer(code, { audience, nonces: accepted, decryptionKeys })
  } catch (error) {
    if (!isRefusal(error) || error.code !== 'gate_code_nonce') throw error
  }
  // It is refused either way; staff are told whether the visitor is late or at the wrong lane.
  const over = await nonces.over(moment)
  for (let at = 0; at < over.length; at += NONCES_AT_ONCE) {
    const some = over.slice(at, at + NONCES_AT_ONCE)
    const found = await unpackAnswer(code, { audience, nonces: some, decryptionKeys }).then(
      () => true,
      () => false,
    )
    if (found) return { refusal: 'nonce_late' }
  }
  return { refusal: 'nonce_unknown' }
}

/** Why an answer may not come this way, whatever it says; null: it may. */
function closedWay(
  { lane, rules }: JudgementGround,
  by: EntryBy | null,
  { encrypted }: UnpackedAnswer,
): GateCode | null {
  if (by === 'poster' && !lane.poster) return 'poster_not_here'
  if (by === 'paper' && !lane.paper) return 'paper_not_here'
  if (by !== null && rules.asksIdentity && !encrypted) return 'answer_not_encrypted'
  return null
}

function demandsOf(
  { lane, rules, trust, platform }: JudgementGround,
  { presentation, nonce }: UnpackedAnswer,
  now: Date,
): Omit<JudgeVisitorOptions, 'by'> {
  return {
    ...{ trust: trust(), presentation, nonce, now, platform },
    audience: lane.clientId,
    demands: rules.demands,
    freshness: lane.freshness,
  }
}

function refused(code: GateCode, detail: string | null, by: EntryBy | null = null): Judgement {
  return { outcome: 'refused', code, detail, by, before: null }
}

function isRefusal(error: unknown): error is CredentialError | ProtocolError | VerifierError {
  return (
    error instanceof CredentialError ||
    error instanceof ProtocolError ||
    error instanceof VerifierError
  )
}
