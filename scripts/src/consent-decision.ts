import type { ConsentDecision, HeldWard, RequestPreview } from '@netcert/wallet'
import { askYes, canAsk, consentNeeded } from './consent-screen.js'
import { questions } from './decided-words.js'
import type { Invocation } from './invocation.js'
import { printable } from './printable.js'

/** What the citizen agreed to on the command line. */
export type AgreedBefore = {
  readonly yes?: true
  /** To plain identity. */
  readonly yesIdentity?: true
}

/** Nobody is chosen where nobody can be asked: `ward_needed` says how to name one. */
export async function askWard(
  invocation: Invocation,
  wards: readonly HeldWard[],
): Promise<string | null> {
  if (!canAsk(invocation)) return null
  for (const { id, label } of wards) {
    if (await askYes(`${questions.ward[invocation.language]} ${printable(label)}`)) return id
  }
  return null
}

/**
 * What the citizen says to what they were just shown. Never by default: `--yes` is their word for this one
 * request, as it is shown. A verifier that
 * nobody accredited gets facts by it and nothing else; plain identity has a word of its own.
 */
export async function decide(
  invocation: Invocation,
  options: AgreedBefore,
  preview: RequestPreview,
): Promise<ConsentDecision> {
  const { language } = invocation
  const { state, verifier } = preview
  // A refused request says itself what is wrong; there is nothing to agree to.
  if (!isAsked(state)) return isTold(preview) ? 'refuse' : 'ignore'
  const question = questionOf(state)
  if (state === 'needs_identity_consent') {
    if (options.yesIdentity === true) return 'share'
    const isAgreed = canAsk(invocation) && (await askYes(questions.identity[language]))
    return isAgreed ? 'share' : 'refuse'
  }
  if (options.yes === true) return 'share'
  if (!canAsk(invocation))
    throw consentNeeded(verifier.accredited === false ? unknownCure : undefined)
  const asksForMore = state === 'ready' && preview.optional.length > 0
  if (asksForMore && (await askYes(questions.shareAll[language]))) return 'share-optional'
  return (await askYes(question[language])) ? 'share' : 'refuse'
}

const unknownCure =
  'Nobody accredited this verifier. Look at what would be shared, and run it again with --yes.'

const asked = {
  ready: questions.share,
  unanswerable: questions.share,
  needs_refill: questions.refill,
  needs_platform_copy: questions.platformCopy,
  needs_presence: questions.presence,
  needs_identity_consent: questions.identity,
} as const

function isAsked(state: RequestPreview['state']): state is keyof typeof asked {
  return Object.hasOwn(asked, state)
}

function questionOf(state: keyof typeof asked) {
  return asked[state]
}

/** A platform that asks too much, or whose accreditation fails, hears a no like any other. */
function isTold({ verifier, state }: RequestPreview): boolean {
  const isOurs = state === 'values_probing' || state.startsWith('accreditation_')
  return verifier.accredited !== false || isOurs
}
