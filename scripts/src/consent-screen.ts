import { createInterface } from 'node:readline/promises'
import type {
  IdentityClaim,
  OfferQuestion,
  PreviewedCredential,
  Refillable,
  RequestPreview,
  ShownAccreditation,
  ShownVerifier,
  WithheldClaim,
} from '@netcert/wallet'
import { MINOR_ACT, minorActSchema, ownTransaction } from '@netcert/protocol'
import { shortTypeName } from './certificate-names.js'
import {
  accreditationWords,
  beforeWords,
  basisWords,
  hintWords,
  labels,
  proofs,
  retentionWords,
  stateWords,
} from './decided-words.js'
import { CommandFailure, exitCodes } from './failure.js'
import type { Invocation, Language } from './invocation.js'
import { displayWidth } from './printable.js'
import { type Piece, styled } from './screen.js'

/** Whether there is somebody to ask. */
export function canAsk({ json }: Invocation): boolean {
  return !json && process.stdin.isTTY && process.stderr.isTTY
}

/** Asks on the terminal; anything but yes is no. */
export async function askYes(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^(y|yes|是)$/iu.test((await terminal.question(`${question} [y/N] `)).trim())
  } finally {
    terminal.close()
  }
}

/** Nobody is there to agree, and nobody has agreed before. */
export function consentNeeded(
  cure = 'Look at what would be shared, and run it again with --yes.',
): CommandFailure {
  return new CommandFailure('consent_needed', 'Nothing was sent: nobody agreed to it.', {
    exit: exitCodes.refused,
    cure,
  })
}

/** Writes one labelled line of the screen. */
type Line = (label: keyof typeof labels, ...pieces: readonly Piece[]) => void

/** Shows on standard error who asks, why, what the answer would say and what not. */
export function showRequest(invocation: Invocation, preview: RequestPreview): void {
  const { screen, language } = invocation
  const { verifier, credentials, optional, transactions, refills, state, alternatives } = preview
  const line: Line = (label, ...pieces) => {
    const text = labels[label][language]
    screen.note(`  ${text}${' '.repeat(Math.max(1, 10 - displayWidth(text)))}`, ...pieces)
  }
  showVerifier(invocation, line, verifier)
  if (state !== 'ready') line('state', styled('yellow', stateWords(state, language)))
  if (preview.ward !== null) line('about', styled('bold', preview.ward.label))
  if (preview.before !== null) line('before', beforeWords(preview.before, language))
  for (const { label } of preview.wards) line('about', `${label}?`)
  if (preview.needed !== null) line('at', preview.needed.presenceUri ?? preview.needed.issuer)
  showRefills(screen, refills)
  for (const credential of credentials) showCredential(invocation, line, 'shares', credential)
  for (const credential of optional) showCredential(invocation, line, 'optional', credential)
  for (const claim of preview.identity) showIdentity(line, claim, language)
  for (const claim of preview.withheld) showWithheld(line, claim, language)
  for (const transaction of transactions) showTransaction(invocation, line, transaction)
  for (const other of alternatives) line('other', other[language])
}

function showTransaction(
  { screen, language }: Invocation,
  line: Line,
  { type, members }: RequestPreview['transactions'][number],
): void {
  const act = type === MINOR_ACT ? minorActSchema.safeParse(members) : null
  if (act?.success === true) {
    const { action, limit, expires_at } = act.data
    line('approves', styled('bold', action[language]))
    if (limit !== null) line('limit', `${limit.amount} ${limit.currency}`)
    line('until', new Date(expires_at * 1000).toISOString())
    return
  }
  line('approves', ownTransaction(type)?.name[language] ?? type)
  for (const [name, value] of Object.entries(members)) {
    screen.note('    ', name, '  ', typeof value === 'string' ? value : JSON.stringify(value))
  }
}

function showVerifier({ screen, language }: Invocation, line: Line, verifier: ShownVerifier): void {
  const { accredited, host, clientId } = verifier
  const title = styled('bold', labels.askedBy[language])
  if (accredited !== false) {
    screen.note(title, `  ${accredited.name[language]}`)
    showAccreditation(line, accredited, language)
    if (host !== null) line('host', host)
    return
  }
  screen.note(title, `  ${host ?? clientId}`)
  line('as', clientId)
  line('known', styled('yellow', proofs[verifier.proof][language]))
  if (verifier.claimedName !== null) line('says', verifier.claimedName)
}

function showAccreditation(line: Line, shown: ShownAccreditation, language: Language): void {
  const other = language === 'en' ? 'zh-CN' : 'en'
  if (shown.name[other] !== shown.name[language]) line('as', shown.name[other])
  line('purpose', shown.purpose[language])
  line('basis', basisWords(shown.legalBasis, language))
  line('keeps', retentionWords(shown.retentionSeconds, language))
  line('privacy', shown.privacyPolicy)
  const warn = (words: { readonly [Name in Language]: string }) =>
    line('known', styled('yellow', words[language]))
  if (shown.storesRawClaims) warn(accreditationWords.storesRaw)
  if (shown.status === 'unknown') warn(accreditationWords.unchecked)
  if (shown.nameWarning !== null) warn(accreditationWords[shown.nameWarning])
}

function showCredential(
  { screen, language }: Invocation,
  line: Line,
  label: 'shares' | 'optional',
  { vct, kind, remainingAfter, claims, hints, ward }: PreviewedCredential,
): void {
  const left = language === 'en' ? `${remainingAfter} left after it` : `之后剩 ${remainingAfter} 份`
  const whose = ward === null ? '' : ` (${ward.label})`
  line(label, `${shortTypeName(vct)}${whose}, ${kind}; ${left}`)
  for (const { path, label: name } of claims) {
    screen.note('    ', path.join('.'), '  ', name[language])
  }
  for (const hint of hints) screen.note('    ', styled('yellow', hintWords[hint][language]))
}

function showIdentity(line: Line, claim: IdentityClaim, language: Language): void {
  const basis = basisWords(claim.basis, language)
  line('identity', styled('yellow', claim.label[language]), `  (${basis})`)
}

function showWithheld(line: Line, withheld: WithheldClaim, language: Language): void {
  const name = withheld.claim?.label[language] ?? withheld.credentialId
  line('withheld', name, '  ', withheld.reason[language])
  if (withheld.offer !== null) line('instead', withheld.offer.label[language])
}

/** What has to be fetched first, and what its issuer learns by that. */
export function showRefills(screen: Invocation['screen'], refills: readonly Refillable[]): void {
  for (const { vct, issuer } of refills) {
    screen.note(
      '  refill    ',
      `no copy of ${shortTypeName(vct)} is left: ${issuer} is asked for new ones first`,
    )
    screen.note(
      '    ',
      styled('yellow', 'The issuer can tell by that that the copies were used up.'),
    )
  }
}

/** Shows on standard error what an offer asks before the wallet acts. */
export function showOffer({ screen, language }: Invocation, question: OfferQuestion): void {
  if (question.kind === 'contact') {
    screen.note(styled('bold', 'Asks'), `  ${question.host} for the ${question.why}`)
    return
  }
  screen.note(styled('bold', 'Offered by'), `  ${question.issuer}`)
  for (const { configurationId, name } of question.certificates) {
    screen.note('  ', name[language] ?? configurationId)
  }
}
