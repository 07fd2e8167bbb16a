import { epochSeconds } from '@netcert/credential'
import { type AccountKey, accountKeyOf } from './account-key.js'
import { VerifierError } from './errors.js'
import { actKey } from './memory-minor-acts.js'
import {
  ACT_WAIT_SECONDS,
  type ActName,
  type ActPart,
  type ActRecord,
  actGone,
  type MinorAct,
  type MinorActStore,
  requireAct,
} from './minor-act.js'
import { assertInTime, askedOf, counted } from './minor-act-asking.js'
import { minorFirst } from './minor-act-joining.js'
import type { VerificationResult } from './result.js'
import { sameBytes } from './same-bytes.js'
import type { Retention } from './vp-outcome.js'
import { isRandomText, randomText } from './vp-session.js'
import type { VpRequest, VpRequestOptions, VpVerifier } from './vp-verifier.js'

/** How the wallets of an act are asked. */
export type ActAsking = Pick<VpRequestOptions, 'clientId' | 'mode'>

/** An act that was begun; `act` is for the page that began it and nobody else. */
export type BegunAct = {
  readonly act: string
  /** For the minor's wallet. */
  readonly request: VpRequest
  readonly endsAt: Date
}

/** The second request of an act. */
export type HandedOver = {
  /** For the guardian's wallet; as short-lived as every request. */
  readonly request: VpRequest
  readonly endsAt: Date
}

/** How far an act is. */
export type ActProgress = {
  /** Whose answer is next; null: both are there, or the act is over. */
  readonly waitingFor: ActPart | null
  readonly state: 'open' | 'complete' | 'delivered' | 'ended' | 'unknown'
  /** Of the newest request: where it is not `waiting` any more, a new one is needed. */
  readonly request: 'waiting' | 'answered' | 'expired' | 'none'
}

/** What a platform gets for an act: both certificates, verified, and what they agree to. */
export type MinorActResult = {
  readonly verified: true
  /** The platform's name for acts of this kind. */
  readonly name: string
  readonly action: MinorAct['action']
  readonly limit: MinorAct['limit']
  readonly expiresAt: Date
  /** The minor's account. */
  readonly account: AccountKey
  readonly minor: VerificationResult
  /** The guardian's word; it names the minor by the same number and says nothing of the guardian. */
  readonly guardian: VerificationResult
  readonly retention: Retention | null
}

/** Acts of 14 to 17 year olds that need a guardian's consent. */
export type MinorActs = {
  /**
   * @throws As `VpVerifier.createRequest`; VerifierError `transaction_data_refused` for an act that no
   *   wallet would show, `sessions_full`
   */
  begin(
    options: MinorAct & ActAsking & { readonly name: string; readonly returnTo?: string },
  ): Promise<BegunAct & { readonly handover: string }>
  /**
   * Asks the guardian, once the minor has answered.
   *
   * @param name - The act's id with the code that the minor's wallet brought back, or the secret of
   *   the guardian's link.
   * @throws The refusal that the minor's answer met; VerifierError `act_waiting`, `act_ended`,
   *   `act_unknown`, `result_delivered`, `response_code_wrong`, `too_many_requests`
   */
  handOver(
    name: ActName & { readonly by: 'id' | 'handover' },
    options: ActAsking & { readonly responseCode: string | null },
  ): Promise<HandedOver>
  progress(act: string): Promise<ActProgress>
  /**
   * Both answers, once.
   *
   * @param options.name - What the consent is to be used for.
   * @throws As `handOver`; VerifierError `act_waiting` while one of them is missing,
   *   `purpose_differs` for an act of another name
   */
  result(
    act: string,
    options: { readonly name: string; readonly responseCode: string | null },
  ): Promise<MinorActResult>
}

/** Options of {@link createMinorActs}. */
export type MinorActsOptions = {
  /** Made with the same `acts`. */
  readonly engine: VpVerifier
  readonly acts: MinorActStore
  readonly clock: () => Date
}

/** Links two requests of one act to two people's wallets. @see docs/formats/minors.md */
export function createMinorActs(options: MinorActsOptions): MinorActs {
  const { engine, acts, clock } = options
  return {
    begin: (asking) => begin(options, asking),
    handOver: (name, asking) => handOver(options, name, asking),
    progress: async (act) => (isRandomText(act) ? progressOf(options, act) : nothingKnown),
    async result(id, { name, responseCode }) {
      const { key, act } = await confirmed(options, { by: 'id', value: id }, responseCode)
      if (act.name !== name) throw otherAct()
      assertStillGood(act, clock())
      if (act.minor === null || act.guardian === null) throw await missing(engine, act)
      const taken = await acts.take(key)
      if (taken === null) throw actGone('delivered')
      return resultOf(taken)
    },
  }
}

async function begin(
  { engine, acts, clock }: MinorActsOptions,
  { name, action, limit, expiresAt, ...terms }: Parameters<MinorActs['begin']>[0],
): Promise<BegunAct & { readonly handover: string }> {
  const now = clock()
  const members = { act: randomText(), action, limit, expires_at: epochSeconds(expiresAt) }
  assertInTime(members, now)
  const [id, handover] = [randomText(), randomText()]
  const request = await engine.createRequest({
    ...terms,
    ...askedOf('minor', members, actKey(id)),
  })
  const waits = now.getTime() + ACT_WAIT_SECONDS * 1000
  const endsAt = new Date(Math.min(waits, members.expires_at * 1000))
  const { freshness = null } = terms
  const open = { minor: null, awaitedCode: null, guardianSession: null, guardian: null, asked: 0 }
  const record = { name, members, freshness, minorSession: request.session, ...open, endsAt }
  await acts.put({ id, handover }, record)
  return { act: id, handover, request, endsAt }
}

async function handOver(
  options: MinorActsOptions,
  name: ActName & { readonly by: 'id' | 'handover' },
  { responseCode, ...asking }: Parameters<MinorActs['handOver']>[1],
): Promise<HandedOver> {
  const { engine, acts, clock } = options
  const { key, act } = await confirmed(options, name, responseCode)
  assertStillGood(act, clock())
  if (act.minor === null) throw await missing(engine, act)
  if (act.guardian !== null) {
    throw new VerifierError('session_used', 'a guardian has consented already; fetch the result.')
  }
  // Counted before anything is made: links are opened by whoever has them.
  await acts.change(key, counted)
  const { freshness } = act
  const request = await engine.createRequest({
    ...asking,
    ...(freshness === null ? {} : { freshness }),
    ...askedOf('guardian', act.members, key),
  })
  await acts.change(key, (now) => ({ ...now, guardianSession: request.session }))
  return { request, endsAt: act.endsAt }
}

/** Where the minor's wallet led back to a page, that page alone goes on; once is enough. */
async function confirmed(
  { acts }: MinorActsOptions,
  name: ActName,
  responseCode: string | null,
): Promise<{ readonly key: string; readonly act: ActRecord }> {
  if (!isRandomText(name.value)) throw actGone('unknown')
  const found = await requireAct(acts, name)
  const { awaitedCode } = found.act
  if (awaitedCode === null) return found
  const given = name.by === 'id' && responseCode !== null ? actKey(responseCode) : ''
  const encoder = new TextEncoder()
  if (!sameBytes(encoder.encode(given), encoder.encode(awaitedCode))) {
    throw new VerifierError(
      'response_code_wrong',
      'the act goes on in the page that the minor’s wallet led back to.',
    )
  }
  const act = await acts.change(found.key, (now) => ({ ...now, awaitedCode: null }))
  return { key: found.key, act }
}

/** Why there is no answer yet: none came, or the last one was refused. */
async function missing(engine: VpVerifier, act: ActRecord): Promise<unknown> {
  if (act.minor === null) {
    return engine.result(act.minorSession, null).then(minorFirst, (refusal: unknown) => refusal)
  }
  return new VerifierError('act_waiting', 'no guardian has consented yet; hand the link over.')
}

const nothingKnown: ActProgress = { waitingFor: null, state: 'unknown', request: 'none' }

async function progressOf({ engine, acts }: MinorActsOptions, id: string): Promise<ActProgress> {
  const found = await acts.find({ by: 'id', value: id })
  if (found.state !== 'open') return { ...nothingKnown, state: found.state }
  const { minor, guardian, minorSession, guardianSession } = found.act
  if (guardian !== null) return { waitingFor: null, state: 'complete', request: 'none' }
  const session = minor === null ? minorSession : guardianSession
  const known = session === null ? 'none' : await engine.progress(session)
  const request = known === 'delivered' ? 'answered' : known === 'unknown' ? 'expired' : known
  return { waitingFor: minor === null ? 'minor' : 'guardian', state: 'open', request }
}

function otherAct(): VerifierError {
  return new VerifierError('purpose_differs', 'the consent is to another act; ask for this one.')
}

function assertStillGood({ members }: ActRecord, now: Date): void {
  if (members.expires_at <= epochSeconds(now)) throw actGone('ended')
}

function resultOf({ name, members, minor, guardian }: ActRecord): MinorActResult {
  if (minor === null || guardian === null) throw new TypeError('an act without both answers')
  const { action, limit, expires_at } = members
  return {
    ...{ verified: true, name, action, limit, expiresAt: new Date(expires_at * 1000) },
    account: accountKeyOf(minor.result),
    ...{ minor: minor.result, guardian: guardian.result, retention: minor.retention },
  }
}
