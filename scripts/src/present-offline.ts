import type { Presented, Refillable, Wallet } from '@netcert/wallet'
import { shortTypeName } from './certificate-names.js'
import { askYes, canAsk, showRefills } from './consent-screen.js'
import { hintWords } from './decided-words.js'
import { wrongUse } from './failure.js'
import type { Invocation } from './invocation.js'
import { readQuery } from './read-query.js'
import { styled } from './screen.js'
import { type WalletOptions, withWallet, withWalletOnTheWire } from './with-wallet.js'
import { refuseExisting, writeNewFile } from './write-output.js'

/** A query in hand instead of a link: the presentation comes out, and nothing is sent. */
export type OfflineOptions = WalletOptions & {
  readonly yes?: true
  readonly query?: string
  readonly audience?: string
  readonly nonce?: string
  readonly copies?: 'one-time' | 'platform'
  readonly out?: string
  readonly preview?: true
}

/** Answers a query without asking anybody; where no copy is left, the issuer if the citizen agrees. */
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
  const answer = await withWalletOnTheWire(invocation, { options, create: false }, (wallet) =>
    presentOrRefill(invocation, options, { wallet, question: { ...question, nonce } }),
  )
  const { presentation, disclosed, copy, remaining, refilled } = answer
  for (const { vct, issuer } of refilled) {
    screen.note(styled('yellow', 'Refilled'), ` ${shortTypeName(vct)} at once, by ${issuer}`)
  }
  if (options.out !== undefined) {
    await writeNewFile({ path: options.out, lines: [presentation] })
  } else if (!screen.json) screen.raw(`${presentation}\n`)
  screen.note(styled('green', 'Disclosed'), ` to ${audience}`)
  for (const path of disclosed) screen.note('  ', path.join('.'))
  screen.note('  copy  ', `${shortTypeName(copy.vct)}, ${copy.kind}; ${remaining} left`)
  screen.result(answer)
}

type Question = Parameters<Wallet['preview']>[0]

/** Presents; with nothing left, asks the citizen, then the issuer, and presents again. */
async function presentOrRefill(
  invocation: Invocation,
  { yes }: OfflineOptions,
  work: { readonly wallet: Wallet; readonly question: Parameters<Wallet['present']>[0] },
): Promise<Presented & { readonly refilled: readonly Refillable[] }> {
  const { wallet, question } = work
  try {
    return { ...(await wallet.present(question)), refilled: [] }
  } catch (error) {
    if (!isWithoutCopies(error)) throw error
    const refilled = await wallet.refillable(question.query)
    if (refilled.length === 0) throw error
    showRefills(invocation.screen, refilled)
    const agreed =
      yes === true || (canAsk(invocation) && (await askYes('Fetch new copies to answer?')))
    if (!agreed) throw error
    await wallet.refillFor(question.query)
    return { ...(await wallet.present(question)), refilled }
  }
}

function isWithoutCopies(error: unknown): boolean {
  if (!(error instanceof Error && 'code' in error)) return false
  return error.code === 'copies_used_up' || error.code === 'query_unanswered'
}

async function preview(invocation: Invocation, question: Question): Promise<void> {
  const { language, screen } = invocation
  const shown = await withWallet(invocation, async (wallet) => {
    try {
      return { ...(await wallet.preview(question)), state: 'ready' as const }
    } catch (error) {
      const refills = isWithoutCopies(error) ? await wallet.refillable(question.query) : []
      if (refills.length === 0) throw error
      return { state: 'needs_refill' as const, refills }
    }
  })
  if (shown.state === 'needs_refill') {
    showRefills(screen, shown.refills)
    return screen.result(shown)
  }
  screen.line(styled('bold', 'Would be disclosed'), ` to ${shown.audience}`)
  for (const { path, label } of shown.claims)
    screen.line('  ', path.join('.'), '  ', label[language])
  screen.line(
    '  copy  ',
    `${shortTypeName(shown.vct)}, ${shown.kind}; ${shown.remainingAfter} left after it`,
  )
  for (const hint of shown.hints) screen.line('  ', styled('yellow', hintWords[hint][language]))
  screen.result(shown)
}
