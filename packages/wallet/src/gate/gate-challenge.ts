import { encodeBase64Url, memberOf } from '@netcert/credential'
import { randomBytes } from '@netcert/credential/crypto'
import {
  accreditationOf,
  type ProvenRequest,
  type ReadRequestObject,
  readRequestObject,
} from '@netcert/protocol'
import { proveGateRequest, unpackChallenge } from '@netcert/protocol/gate'
import { verifyAccreditations } from '../accredited-verifier.js'
import type { AnswerContext } from '../vp-answer-context.js'
import type { VerifierTrust } from '../verifier-trust.js'
import { type GateTime, gateTime, goodSeconds, verifiedTime } from './gate-time.js'

/** A challenge of which is known who shows it. */
export type GateChallenge = {
  /** With the nonce that is answered: the gate's, or for a printed challenge one of the wallet's. */
  readonly proven: ProvenRequest
  /** Printed: the gate takes a nonce that the wallet made, and reads it from the code. */
  readonly isPoster: boolean
  readonly time: GateTime
  /** Until when an answer is taken, by the wallet's own clock; null: counted from when it is made. */
  readonly goodUntil: Date | null
  /** The request object as it was signed: the evidence, should it ask too much. */
  readonly evidence: string
}

/** What reading a challenge needs of the wallet. */
export type ChallengeContext = AnswerContext & { readonly verifierTrust: VerifierTrust }

const NONCE_BYTES = 16

/**
 * Unpacks a gate's challenge and proves who shows it, offline.
 *
 * @param text - `NCC1:…`, as the camera read it.
 * @throws ProtocolError `gate_code`, `request_object`, and as `proveGateRequest`
 * @see docs/formats/nc1.md
 */
export async function readChallenge(
  context: ChallengeContext,
  text: string,
): Promise<GateChallenge> {
  const readAt = context.clock()
  const evidence = unpackChallenge(text)
  const object = readRequestObject(evidence)
  const first = await timeOf(context, object)
  const trust = { ...context.verifierTrust, now: first.at }
  const proven = await proveGateRequest(object, { trust })
  const { request } = proven
  const isPoster = isSelfMade(object)
  await learnTime(context, accreditationOf(request.verifier_info))
  const time = await timeOf(context, object)
  const nonce = isPoster ? ownNonce('poster') : request.nonce
  const goodUntil = isPoster ? null : goodFrom(readAt, object)
  const answered = { ...proven, request: { ...request, nonce } }
  return { proven: answered, isPoster, time, goodUntil, evidence }
}

function goodFrom(readAt: Date, { payload }: ReadRequestObject): Date {
  const [iat, exp] = [memberOf(payload, 'iat'), memberOf(payload, 'exp')]
  return new Date(readAt.getTime() + goodSeconds({ iat, exp }) * 1000)
}

/** A nonce that a wallet makes, where a gate lets it: it says by its first word what for. */
export function ownNonce(kind: 'poster' | 'paper'): string {
  return `${kind}.${encodeBase64Url(randomBytes(NONCE_BYTES))}`
}

function isSelfMade({ payload }: ReadRequestObject): boolean {
  return memberOf(payload, 'netcert_nonce') === 'self-made'
}

async function timeOf(context: ChallengeContext, object: ReadRequestObject): Promise<GateTime> {
  const iat = memberOf(object.payload, 'iat')
  const isDated = typeof iat === 'number' && Number.isSafeInteger(iat) && !isSelfMade(object)
  const issuedAt = isDated ? new Date(iat * 1000) : null
  const floor = await verifiedTime(context)
  return gateTime(context.clock(), { issuedAt, floor })
}

/**
 * Reads what was published by the wallet's own clock first, whatever comes of it: it raises the floor
 * under the gate's time, so that an old date does not hide what was taken back since.
 */
async function learnTime(context: ChallengeContext, tokens: readonly string[]): Promise<void> {
  const { published, issuanceStore: floors, clock } = context
  try {
    await verifyAccreditations({ published, floors }, tokens, clock())
  } catch (error) {
    // A refusal: by the gate's time it is judged again, and then it counts.
    if (!(error instanceof Error && 'code' in error)) throw error
  }
}
