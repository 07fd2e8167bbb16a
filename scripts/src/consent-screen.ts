import { createInterface } from 'node:readline/promises'
import type { OfferQuestion, Refillable, RequestPreview } from '@netcert/wallet'
import { shortTypeName } from './certificate-names.js'
import { CommandFailure, exitCodes } from './failure.js'
import type { Invocation } from './invocation.js'
import { styled } from './screen.js'

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
export function consentNeeded(): CommandFailure {
  return new CommandFailure('consent_needed', 'Nothing was sent: nobody agreed to it.', {
    exit: exitCodes.refused,
    cure: 'Look at what would be shared, and run it again with --yes.',
  })
}

/** Shows on standard error who asks and what the answer would say. */
export function showRequest({ screen, language }: Invocation, preview: RequestPreview): void {
  const { verifier, credentials, optional, transactions, refills, state } = preview
  screen.note(styled('bold', 'Asked by'), `  ${verifier.host ?? verifier.clientId}`)
  screen.note('  as        ', verifier.clientId)
  screen.note('  known     ', styled('yellow', proofs[verifier.proof]))
  if (verifier.claimedName !== null)
    screen.note('  says      ', `it is called ${verifier.claimedName}`)
  if (state !== 'ready') screen.note('  state     ', state)
  showRefills(screen, refills)
  const all = [
    ...credentials.map((credential) => ({ credential, word: 'shares' })),
    ...optional.map((credential) => ({ credential, word: 'optional' })),
  ]
  for (const { credential, word } of all) {
    const { vct, kind, remainingAfter, claims, hints } = credential
    screen.note(
      `  ${word.padEnd(8)}  `,
      `${shortTypeName(vct)}, ${kind}; ${remainingAfter} left after it`,
    )
    for (const { path, label } of claims) screen.note('    ', path.join('.'), '  ', label[language])
    for (const hint of hints) screen.note('    ', styled('yellow', consentHints[hint]))
  }
  for (const { type, members } of transactions) {
    screen.note('  approves  ', type)
    for (const [name, value] of Object.entries(members)) {
      screen.note('    ', name, '  ', typeof value === 'string' ? value : JSON.stringify(value))
    }
  }
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

const proofs: Readonly<Record<RequestPreview['verifier']['proof'], string>> = {
  unsigned: 'nothing proves who asks; no registrar vouches for it',
  key: 'by its key only; no registrar vouches for it',
  certificate: 'by certificate; no registrar vouches for it',
  attestation: 'attested; no registrar vouches for it',
}

/** What a citizen should know before saying yes. */
export const consentHints = {
  reveals_identity: 'This says in plain words who you are.',
  reveals_number: 'By this number your visits can be linked.',
  last_copy: 'This is the last copy.',
  ties_platform_copy: 'This copy would from now on be for this platform only.',
} as const
