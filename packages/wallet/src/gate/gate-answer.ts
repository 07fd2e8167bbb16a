import {
  isSdJwtQuery,
  type PresentationRequest,
  ProtocolError,
  type Query,
} from '@netcert/protocol'
import { packAnswer, packEncryptedAnswer } from '@netcert/protocol/gate'
import { WalletError } from '../errors.js'
import { notingRefusal } from '../refused-requests.js'
import type { WithheldClaim } from '../shown-accreditation.js'
import { answerProven } from '../vp-answer.js'
import { isVisibleClaim } from '../vp-candidates.js'
import { checkOrSayNo, type ConsentDecision } from '../vp-consent.js'
import { isFact, type MayShow } from '../vp-plan.js'
import type { SharedPresentation } from '../vp-present.js'
import { refusedPreview, type RequestPreview, shownVerifier } from '../vp-preview.js'
import { isIdentity, type SubjectChoice } from '../vp-subject.js'
import { type ChallengeContext, type GateChallenge, readChallenge } from './gate-challenge.js'
import { atGate } from './gate-context.js'
import { type DifferingClocks, POSTER_GOOD_SECONDS } from './gate-time.js'

/** What the citizen is shown before a gate is answered. */
export type GatePreview = RequestPreview & {
  /** Only the gate will read it; else whoever sees the code does. */
  readonly encrypted: boolean
  /** The challenge is printed: look who put it there. */
  readonly isPoster: boolean
  /** To be warned of: the phone's clock and the gate's differ. Null: they agree. */
  readonly clocks: DifferingClocks | null
  /**
   * After this, by the phone's clock, the gate may take no answer to this challenge any more; null for a
   * printed one, which waits.
   */
  readonly goodUntil: Date | null
}

/** Asked before a code is made, as `AskConsent`; a gate hears nothing of a refusal. */
export type AskGateConsent = (preview: GatePreview) => ConsentDecision | Promise<ConsentDecision>

/** Options of {@link answerGate}. */
export type AnswerGateOptions = {
  /** `NCC1:…` */
  readonly challenge: string
  readonly consent: AskGateConsent
} & Partial<SubjectChoice>

/** The code for a gate. */
export type AnsweredGate = {
  /** `NC1:…`, to be shown as a QR code in alphanumeric mode, error correction L. */
  readonly text: string
  readonly shared: readonly SharedPresentation[]
  /** What was asked and stayed here. */
  readonly withheld: readonly WithheldClaim[]
  readonly encrypted: boolean
  readonly clocks: DifferingClocks | null
  /** By the phone's clock: so long the gate takes the code at least. */
  readonly goodUntil: Date
}

/**
 * Answers the challenge of a gate: nothing is sent, and nobody is asked anything over a network. The
 * copy is used up, durably, and the ledger has its line before the code is given out; a code that a QR
 * code could not hold uses nothing up.
 *
 * @throws ProtocolError `gate_code`, `request_invalid` also for a printed challenge that asks for more than
 *   facts, `encryption_parameters` also for plain identity that anybody could
 *   read off the code, `accreditation_…`, and as `proveGateRequest`, `checkRequest`; WalletError
 *   `query_unanswered`, `copies_used_up`, `platform_copy_missing`, `consent_refused`, `ward_needed`,
 *   `ward_unknown`, `minor_protected`, `trust_missing`, and the code of a decision
 * @see docs/formats/nc1.md
 */
export function answerGate(
  context: ChallengeContext,
  options: AnswerGateOptions,
): Promise<AnsweredGate> {
  const { consent } = options
  return notingRefusal(context, { consent, countsIgnored: false }, (asking) =>
    answerChallenge(context, { ...options, consent: asking }),
  )
}

async function answerChallenge(
  context: ChallengeContext,
  { challenge, consent: decide, ward = null, chooseWard }: AnswerGateOptions,
): Promise<AnsweredGate> {
  const read = await readChallenge(context, challenge)
  const { proven, evidence, time } = read
  const consent = (preview: RequestPreview) => decide(previewOfGate(read, preview))
  const source = atGate(context, time.at)
  const request = await checkOrSayNo(source, proven, { consent, deliver: unheard })
  await assertFitting(read, request.query, consent)
  const made: string[] = []
  const fits = async (presentation: string) =>
    void made.push(await seal(request, read, presentation))
  const answering = { consent: oneOnly(consent), deliver: unheard, evidence, ward, chooseWard }
  const unsealed = { ...proven, encrypted: false }
  const answered = await answerProven({ ...source, fits }, unsealed, answering).catch(atTheGate)
  const { shared, withheld } = answered
  const text = made.at(-1)
  if (text === undefined) throw new TypeError('an answer without a presentation')
  const goodUntil = read.goodUntil ?? after(context.clock(), POSTER_GOOD_SECONDS)
  return { text, shared, withheld, encrypted: proven.encrypted, clocks: time.clocks, goodUntil }
}

const after = (from: Date, seconds: number) => new Date(from.getTime() + seconds * 1000)

/** The verifier of a challenge is a camera: it sees the code, and hears nothing else. */
const unheard = () => Promise.resolve(null)

function previewOfGate(
  { proven: { encrypted }, isPoster, time: { clocks }, goodUntil }: GateChallenge,
  preview: RequestPreview,
): GatePreview {
  // A code holds one presentation: there is no more to give.
  return { ...preview, optional: [], encrypted, isPoster, clocks, goodUntil }
}

/**
 * Who somebody is in plain words is for the gate alone: whoever stands near can read a code. A printed
 * challenge hangs where anybody can copy it, for weeks: it draws facts, and no number either.
 */
async function assertFitting(
  { proven, isPoster }: GateChallenge,
  query: Query,
  consent: (preview: RequestPreview) => unknown,
): Promise<void> {
  const refusal = refusalOf(query, { isPoster, isSealed: proven.encrypted })
  if (refusal === null) return
  await consent(refusedPreview(shownVerifier(proven, null), refusal.code))
  throw refusal
}

function refusalOf(
  query: Query,
  { isPoster, isSealed }: { readonly isPoster: boolean; readonly isSealed: boolean },
): ProtocolError | null {
  if (isPoster && asksFor(query, (vct, path) => !isFact(vct, path))) {
    return new ProtocolError(
      'request_invalid',
      'The challenge is refused: it is printed and asks for more than facts; go to a gate with a screen.',
    )
  }
  if (isSealed || !asksIdentity(query)) return null
  return new ProtocolError(
    'encryption_parameters',
    'The challenge is refused: it asks who you are in plain words, and everybody near could read the ' +
      'answer. Tell the staff: the gate has to ask for an encrypted answer.',
  )
}

/** Whether a query asks for what says in plain words who somebody is. */
export function asksIdentity(query: Query): boolean {
  return asksFor(query, (vct, path) => !isVisibleClaim(path) && isIdentity(vct, path))
}

function asksFor({ credentials }: Query, isMeant: MayShow): boolean {
  return credentials
    .filter(isSdJwtQuery)
    .some(({ meta, claims = [] }) =>
      claims.some(({ path }) => meta.vct_values.some((vct) => isMeant(vct, path))),
    )
}

function oneOnly(consent: (preview: RequestPreview) => ReturnType<AskGateConsent>) {
  return async (preview: RequestPreview): Promise<ConsentDecision> => {
    if (preview.credentials.length > 1) {
      throw new ProtocolError(
        'request_invalid',
        'The challenge is refused: it takes several certificates to answer it, and a code holds one.',
      )
    }
    const decision = await consent(preview)
    return decision === 'share-optional' ? 'share' : decision
  }
}

/** @throws ProtocolError `gate_code` where a QR code would not hold it */
function seal(
  { audience, nonce, encryption }: PresentationRequest,
  { isPoster }: GateChallenge,
  presentation: string,
): Promise<string> | string {
  const known = { audience, nonce: isPoster ? null : nonce }
  if (encryption === null) return packAnswer({ presentation, known })
  return packEncryptedAnswer({ presentation, known, encryption })
}

/** What would be fetched elsewhere cannot be at a gate. */
function atTheGate(error: unknown): never {
  if (!(error instanceof WalletError) || error.code !== 'platform_copy_missing') throw error
  throw new WalletError(
    'platform_copy_missing',
    'the gate asks for the copy by which this venue knows you, and it is not in this wallet; with a ' +
      'network, open the ticket at the venue’s own page once, and come back.',
    { cause: error },
  )
}
