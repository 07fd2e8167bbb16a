import type { Wallet } from '@netcert/wallet'
import { shortTypeName } from './certificate-names.js'
import { consentHints } from './consent-screen.js'
import { wrongUse } from './failure.js'
import type { Invocation } from './invocation.js'
import { readQuery } from './read-query.js'
import { styled } from './screen.js'
import { withWallet } from './with-wallet.js'
import { refuseExisting, writeNewFile } from './write-output.js'

/** A query in hand instead of a link: the presentation comes out, and nothing is sent. */
export type OfflineOptions = {
  readonly query?: string
  readonly audience?: string
  readonly nonce?: string
  readonly copies?: 'one-time' | 'platform'
  readonly out?: string
  readonly preview?: true
}

/** Answers a query without asking anybody. */
export async function presentOffline(
  invocation: Invocation,
  options: OfflineOptions,
): Promise<void> {
  const { audience, nonce } = options
  if (options.query === undefined || audience === undefined || nonce === undefined) {
    throw wrongUse(
      'A link is missing, or --query, --audience and --nonce.',
      'Give the verifier’s link, or all three of them.',
    )
  }
  const { screen } = invocation
  const query = await readQuery(options.query)
  if (options.out !== undefined) await refuseExisting(options.out)
  const kind = options.copies === undefined ? {} : { kind: options.copies }
  const question = { query, audience, ...kind }
  if (options.preview === true) return preview(invocation, question)
  const answer = await withWallet(invocation, (wallet) => wallet.present({ ...question, nonce }))
  const { presentation, disclosed, copy, remaining } = answer
  if (options.out !== undefined) {
    await writeNewFile({ path: options.out, lines: [presentation] })
  } else if (!screen.json) screen.raw(`${presentation}\n`)
  screen.note(styled('green', 'Disclosed'), ` to ${audience}`)
  for (const path of disclosed) screen.note('  ', path.join('.'))
  screen.note('  copy  ', `${shortTypeName(copy.vct)}, ${copy.kind}; ${remaining} left`)
  screen.result(answer)
}

type Question = Parameters<Wallet['preview']>[0]

async function preview(invocation: Invocation, question: Question): Promise<void> {
  const { language, screen } = invocation
  const shown = await withWallet(invocation, (wallet) => wallet.preview(question))
  screen.line(styled('bold', 'Would be disclosed'), ` to ${shown.audience}`)
  for (const { path, label } of shown.claims)
    screen.line('  ', path.join('.'), '  ', label[language])
  screen.line(
    '  copy  ',
    `${shortTypeName(shown.vct)}, ${shown.kind}; ${shown.remainingAfter} left after it`,
  )
  for (const hint of shown.hints) screen.line('  ', styled('yellow', consentHints[hint]))
  screen.result(shown)
}
