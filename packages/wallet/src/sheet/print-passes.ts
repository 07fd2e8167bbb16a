import { decodeTextBase64Url, epochSeconds, GATE_PASS, parseJsonObject } from '@netcert/credential'
import { checkRequest, type ProvenRequest, type Query } from '@netcert/protocol'
import { packAnswer } from '@netcert/protocol/gate'
import { WalletError } from '../errors.js'
import { asksIdentity } from '../gate/gate-answer.js'
import { type ChallengeContext, ownNonce } from '../gate/gate-challenge.js'
import { atGate } from '../gate/gate-context.js'
import { answerProven } from '../vp-answer.js'
import type { ConsentDecision } from '../vp-consent.js'
import type { RequestPreview } from '../vp-preview.js'
import { MOST_PASSES, type SheetContent, type SheetPass } from './sheet-content.js'
import { readVenue, unclearVenue } from './sheet-venue.js'

/** What the citizen is shown before passes are signed for paper. */
export type SheetPreview = RequestPreview & {
  /** So many; each is used up by it, and lets whoever holds it in. */
  readonly passes: number
}

/** Options of {@link printPasses}. */
export type PrintPassesOptions = {
  /** A challenge of a gate of the venue (`NCC1:…`), or the venue's accreditation. */
  readonly venue: string
  /** Beside an accreditation: what the gate asks. Null with a challenge. */
  readonly query: Query | null
  /** 1 to 8. */
  readonly passes: number
  /** Asked once for the whole sheet. */
  readonly consent: (preview: SheetPreview) => ConsentDecision | Promise<ConsentDecision>
}

/** Passes that were signed and are used up: what is not printed now is lost. */
export type PrintedPasses = SheetContent & {
  /** The venue's full client identifier: nobody else takes them. */
  readonly audience: string
  /** Gate passes that are left for the phone. */
  readonly remaining: number
}

/**
 * Signs gate passes for paper, one-time copies each, for one accredited venue and by this wallet's
 * clock. A code on paper is read by whoever sees it: facts only. Each copy is used up, durably, before its
 * code is given out. Nobody is asked over a network.
 *
 * @throws WalletError `sheet_venue`, `copies_used_up` when fewer are left, `query_unanswered`,
 *   `consent_refused`, `trust_missing`, and the code of a decision; ProtocolError `gate_code`,
 *   `accreditation_…`, and as `readChallenge`, `checkRequest`; TypeError for another number of passes
 * @see docs/formats/nc1.md
 */
export async function printPasses(
  context: ChallengeContext,
  { venue, query, passes, consent }: PrintPassesOptions,
): Promise<PrintedPasses> {
  if (!Number.isInteger(passes) || passes < 1 || passes > MOST_PASSES) {
    throw new TypeError('a sheet has 1 to 8 passes')
  }
  const read = await readVenue(context, { venue, query })
  if (asksIdentity(checkRequest(read.proven, context).query)) {
    throw unclearVenue('its gate asks who you are in plain words, and paper is read by everybody')
  }
  await assertEnough(context, passes)
  const printedAt = context.clock()
  const source = atGate(context, printedAt)
  const { ask, seen } = askOnce(passes, consent)
  const made: SheetPass[] = []
  for (let pass = 0; pass < passes; pass += 1) {
    // Evidence of a greedy request is kept once.
    const one = { proven: read.proven, evidence: pass === 0 ? read.evidence : null }
    made.push(await signPass(source, one, ask))
  }
  const [credential] = seen().credentials
  return {
    ...{ passes: made, printedAt, audience: read.proven.audience },
    venue: namedBy(seen()),
    shows: credential?.claims.map(({ label }) => label) ?? [],
    remaining: await countPasses(context),
  }
}

/** @throws WalletError `copies_used_up` before anything is used up */
async function assertEnough(context: ChallengeContext, passes: number): Promise<void> {
  const left = await countPasses(context)
  if (left >= passes) return
  throw new WalletError(
    'copies_used_up',
    `${passes} gate passes are asked for and ${left} are left; print fewer, or run ` +
      '`netcert wallet refill` with a network first.',
  )
}

async function countPasses({ store, clock }: ChallengeContext): Promise<number> {
  const batches = await store.batches(epochSeconds(clock()))
  const passes = batches.filter(({ vct, kind }) => vct === GATE_PASS && kind === 'one-time')
  return passes.reduce((sum, { remaining }) => sum + remaining, 0)
}

async function signPass(
  source: ChallengeContext,
  { proven, evidence }: { readonly proven: ProvenRequest; readonly evidence: string | null },
  consent: (preview: RequestPreview) => Promise<ConsentDecision>,
): Promise<SheetPass> {
  const made: SheetPass[] = []
  const known = { audience: proven.audience, nonce: null }
  const fits = async (presentation: string) => {
    const code = packAnswer({ presentation, known })
    made.push({ code, expiresAt: endOf(presentation) })
  }
  const request = { ...proven.request, nonce: ownNonce('paper') }
  const deliver = () => Promise.resolve(null)
  const answering = { consent, deliver, evidence, ward: null }
  await answerProven({ ...source, fits }, { ...proven, encrypted: false, request }, answering)
  const pass = made.at(-1)
  if (pass === undefined) throw new TypeError('a pass without a presentation')
  return pass
}

/** Asks before the first pass; the others are of the same answer, or are not made. */
function askOnce(passes: number, consent: PrintPassesOptions['consent']) {
  let first: RequestPreview | null = null
  const ask = async (preview: RequestPreview): Promise<ConsentDecision> => {
    const isReady = preview.state === 'ready'
    if (isReady) assertPass(preview)
    if (first !== null) return isReady && isSame(first, preview) ? 'share' : 'ignore'
    const decision = await consent({ ...preview, optional: [], passes })
    if (isReady) first = preview
    return decision === 'share-optional' ? 'share' : decision
  }
  const seen = (): RequestPreview => {
    if (first === null) throw new TypeError('passes without a question')
    return first
  }
  return { ask, seen }
}

function assertPass({ credentials, verifier }: RequestPreview): void {
  if (verifier.accredited === false) {
    throw unclearVenue('no registrar vouches for it, so nobody knows whom the passes would be for')
  }
  const [only, ...more] = credentials
  if (more.length > 0 || only?.vct !== GATE_PASS || only.kind !== 'one-time') {
    throw unclearVenue('its gate asks for something else than gate passes, which paper cannot be')
  }
}

function isSame(first: RequestPreview, now: RequestPreview): boolean {
  const shown = ({ credentials }: RequestPreview) =>
    JSON.stringify(credentials.map(({ vct, claims }) => [vct, claims]))
  return shown(first) === shown(now)
}

function namedBy({ verifier }: RequestPreview): SheetContent['venue'] {
  if (verifier.accredited === false) throw new TypeError('a sheet is for an accredited venue')
  return verifier.accredited.name
}

/** `exp` of a certificate that this wallet verified when it received it. */
function endOf(presentation: string): Date {
  const [, payload = ''] = presentation.split('.')
  const { exp } = parseJsonObject(decodeTextBase64Url(payload), { maxDepth: 32 })
  if (typeof exp !== 'number') throw new TypeError('a gate pass without an end')
  return new Date(exp * 1000)
}
