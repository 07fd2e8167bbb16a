import type {
  AnsweredGate,
  ConsentDecision,
  GatePreview,
  HeldWard,
  Wallet,
} from '@netcert/wallet/rules'
import { type Signal, signal } from '@preact/signals'
import { language } from '../texts/language.js'
import { goodCode, keepCode, type KeptCode } from './kept-code.js'

/** That something was shown to this gate's venue a short time ago. */
export type VisitBefore = {
  readonly at: Date
  /** The code of then, where it is still good. */
  readonly code: KeptCode | null
}

/** What the citizen does about a challenge; `late`: the gate would not take the answer any more. */
export type GateDecision = Extract<ConsentDecision, 'share' | 'refuse'> | 'late'

/** Where the way from a challenge to a code has come to. */
export type GateStage =
  | { readonly name: 'working'; readonly step: 'reading' | 'making' }
  /** Nothing was used yet: the citizen is asked. */
  | {
      readonly name: 'asked'
      readonly preview: GatePreview
      readonly before: VisitBefore | null
      readonly answer: (decision: GateDecision) => void
      /** Shows the code of before; nothing is used. */
      readonly showBefore: (code: KeptCode) => void
    }
  /** Which child it is about. */
  | {
      readonly name: 'whose'
      readonly wards: readonly HeldWard[]
      readonly choose: (ward: HeldWard | null) => void
    }
  /** `isAgain`: it was made before, and shown once more. */
  | { readonly name: 'code'; readonly code: KeptCode; readonly isAgain: boolean }
  | { readonly name: 'late' | 'declined' }
  | { readonly name: 'failed'; readonly error: unknown; readonly preview: GatePreview | null }

/** What a challenge is taken up with. */
export type TakeUpOptions = {
  readonly wallet: Wallet
  readonly clock: () => Date
  /** `NCC1:…` */
  readonly challenge: string
}

/** A visit this short a time ago is worth a word before another pass is used. */
const RECENT_SECONDS = 600

/**
 * Takes a challenge up. One that a good code answers shows that code again: no second pass is used. For
 * any other the citizen is asked, and a pass is used after their yes alone.
 */
export function takeUpChallenge(options: TakeUpOptions): Signal<GateStage> {
  const { wallet, clock, challenge } = options
  const stage = signal<GateStage>({ name: 'working', step: 'reading' })
  const good = goodCode(wallet, clock())
  if (good?.challenge === challenge) {
    stage.value = { name: 'code', code: good, isAgain: true }
    return stage
  }
  void talk(options, stage)
  return stage
}

async function talk({ wallet, clock, challenge }: TakeUpOptions, stage: Signal<GateStage>) {
  const said: { preview: GatePreview | null; decision: GateDecision | null } = {
    ...{ preview: null, decision: null },
  }
  const showBefore = (code: KeptCode) => (stage.value = { name: 'code', code, isAgain: true })
  const consent = async (preview: GatePreview): Promise<ConsentDecision> => {
    said.preview = preview
    const settled = settledDecision(preview)
    if (settled !== null) return settled
    const before = await visitBefore({ wallet, clock }, preview.verifier.clientId)
    said.decision = await new Promise<GateDecision>((answer) => {
      stage.value = { name: 'asked', preview, before, answer, showBefore }
    })
    stage.value = { name: 'working', step: 'making' }
    return said.decision === 'late' ? 'ignore' : said.decision
  }
  try {
    const chooseWard = (wards: readonly HeldWard[]) => askWhose(stage, wards)
    const answered = await wallet.answerGate({ challenge, consent, chooseWard })
    const code = keptFrom(answered, { challenge, preview: said.preview, madeAt: clock() })
    keepCode(wallet, code)
    stage.value = { name: 'code', code, isAgain: false }
  } catch (error) {
    stage.value = endOf(error, said)
  }
}

/** What is no question: null for one that the citizen answers. */
function settledDecision({ state }: GatePreview): ConsentDecision | null {
  if (state === 'ready' || state === 'needs_identity_consent') return null
  // Nothing could leave: then the wallet says best what is missing. Any other is a refusal by itself.
  return state === 'unanswerable' ? 'share' : 'ignore'
}

function askWhose(
  stage: Signal<GateStage>,
  wards: readonly HeldWard[],
): Promise<HeldWard['id'] | null> {
  return new Promise((resolve) => {
    const choose = (ward: HeldWard | null) => {
      stage.value = { name: 'working', step: 'reading' }
      resolve(ward?.id ?? null)
    }
    stage.value = { name: 'whose', wards, choose }
  })
}

/** From the ledger, so that it is known after the page was closed, too. */
async function visitBefore(
  { wallet, clock }: Pick<TakeUpOptions, 'wallet' | 'clock'>,
  audience: string,
): Promise<VisitBefore | null> {
  const now = clock()
  const good = goodCode(wallet, now)
  if (good?.audience === audience) return { at: good.madeAt, code: good }
  const last = (await wallet.ledger()).find((it) => it.audience === audience)
  if (last === undefined) return null
  const ago = (now.getTime() - last.disclosedAt.getTime()) / 1000
  return ago < RECENT_SECONDS ? { at: last.disclosedAt, code: null } : null
}

function keptFrom(
  { text, encrypted, goodUntil }: AnsweredGate,
  from: { readonly challenge: string; readonly preview: GatePreview | null; readonly madeAt: Date },
): KeptCode {
  const { challenge, preview, madeAt } = from
  if (preview === null) throw new TypeError('nothing is shown before the citizen was asked')
  const audience = preview.verifier.clientId
  const usesUp = preview.credentials.some(({ kind }) => kind === 'one-time')
  const venue = venueName(preview)
  return { text, challenge, audience, venue, madeAt, goodUntil, encrypted, usesUp }
}

/** The registered name of who asks; '' for a gate that nobody vouches for. */
export function venueName({ verifier }: Pick<GatePreview, 'verifier'>): string {
  return verifier.accredited === false ? '' : verifier.accredited.name[language.value]
}

function endOf(
  error: unknown,
  said: { readonly preview: GatePreview | null; readonly decision: GateDecision | null },
): GateStage {
  if (said.decision === 'late') return { name: 'late' }
  if (said.decision === 'refuse') return { name: 'declined' }
  return { name: 'failed', error, preview: said.preview }
}
