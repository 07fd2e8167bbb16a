import { readFile } from 'node:fs/promises'
import type { CancellationQuestion } from '@netcert/wallet'
import type { Command } from 'commander'
import { shortTypeName } from '../certificate-names.js'
import { askYes, canAsk, consentNeeded } from '../consent-screen.js'
import { tellErasure, wireErasure } from '../erasure-lines.js'
import { type Invocation, perform } from '../invocation.js'
import { styled } from '../screen.js'
import { type WalletOptions, withWalletOnTheWire } from '../with-wallet.js'
import { writeNewFile } from '../write-output.js'

type CancelOptions = WalletOptions & {
  readonly issuer?: string
  readonly yes?: true
  readonly out?: string
}

/** `netcert wallet cancel` and `netcert wallet receipts`: leaving, and the proof of it. */
export function addWalletCancel(wallet: Command): void {
  const command = wallet
    .command('cancel')
    .description('cancel your enrolment: the issuer deletes everything of you and signs a receipt')
    .option('--issuer <iss>', 'where the wallet holds certificates of several issuers')
    .option('--yes', 'do not ask first')
    .option('--out <file>', 'write the receipt to a new file, too')
    .addHelpText(
      'after',
      `
Signed with the key of one of your own certificates, sent to the issuer, answered with an erasure
receipt that this wallet verifies and keeps. Then the wallet forgets everything of that issuer. Demand
of platforms that they delete first (\`netcert wallet forget\`): afterwards nothing can sign that.
When the answer is lost, run it again: the receipt is the same.

Example:
  netcert wallet cancel --dir ./wallet`,
    )
  perform<CancelOptions>(command, cancel)
  const receipts = wallet
    .command('receipts')
    .description('the erasure receipts this wallet keeps')
    .option('--verify <file>', 'check a receipt in a file against the trust list, instead')
    .addHelpText('after', '\nExample:\n  netcert wallet receipts --verify receipt.jwt')
  perform<WalletOptions & { readonly verify?: string }>(receipts, showReceipts)
}

async function cancel(invocation: Invocation, options: CancelOptions): Promise<void> {
  const { screen } = invocation
  const { issuer, out } = options
  const receipt = await withWalletOnTheWire(invocation, { options, create: false }, (wallet) =>
    wallet.cancellations.cancel({
      consent: (question) => agree(invocation, question, options.yes === true),
      ...(issuer === undefined ? {} : { issuer }),
    }),
  )
  if (out !== undefined) await writeNewFile({ path: out, lines: [receipt.token] })
  const { done } = WORDS[invocation.language]
  screen.line(styled('green', done))
  tellErasure(invocation, receipt)
  screen.result({ cancelled: true, ...wireErasure(receipt) })
}

async function agree(
  invocation: Invocation,
  question: CancellationQuestion,
  isAgreed: boolean,
): Promise<boolean> {
  const { screen, language } = invocation
  const words = WORDS[language]
  screen.line(styled('bold', words.title))
  screen.line(`  ${words.issuer}  `, question.issuer)
  screen.line(`  ${words.address}  `, question.address)
  for (const { vct, remaining } of question.certificates) {
    screen.line(`  ${words.ends}  `, `${shortTypeName(vct)} (${remaining})`)
  }
  for (const { platformId } of question.platforms) {
    screen.line(styled('yellow', `  ${words.platform}  `), platformId)
  }
  if (question.platforms.length > 0) screen.line(`  ${words.forgetFirst}`)
  if (isAgreed) return true
  if (canAsk(invocation)) return askYes(words.ask)
  throw consentNeeded('Look at what ends, and run it again with --yes.')
}

async function showReceipts(
  invocation: Invocation,
  options: WalletOptions & { readonly verify?: string },
): Promise<void> {
  const { screen, clock } = invocation
  const { verifyErasureReceipt } = await import('@netcert/protocol')
  await withWalletOnTheWire(invocation, { options, create: false }, async (wallet, source) => {
    const kept =
      options.verify === undefined
        ? (await wallet.cancellations.receipts()).map(({ token }) => token)
        : [(await readFile(options.verify, 'utf8')).trim()]
    const about = { issuer: null, networkNumber: null, now: clock() }
    const receipts = []
    // The list at hand is enough: a receipt is read without a network, too.
    for (const token of kept) {
      receipts.push(
        await verifyErasureReceipt(token, { trust: await source.published.trust(), ...about }),
      )
    }
    if (receipts.length === 0) screen.line(WORDS[invocation.language].none)
    for (const receipt of receipts) tellErasure(invocation, receipt)
    screen.result({ receipts: receipts.map(wireErasure) })
  })
}

const WORDS = {
  'zh-CN': {
    title: '注销网证登记',
    issuer: '签发方',
    address: '发送到',
    ends: '失效',
    platform: '平台',
    forgetFirst: '请先用 netcert wallet forget 要求平台删除：注销后无法再签名',
    ask: '确定注销吗？',
    done: '已注销，回执已核验并保存',
    none: '没有回执。',
  },
  en: {
    title: 'Cancel your enrolment',
    issuer: 'issuer ',
    address: 'sent to',
    ends: 'ends   ',
    platform: 'platform',
    forgetFirst: 'Demand deletion there first (netcert wallet forget): afterwards nothing signs it',
    ask: 'Cancel?',
    done: 'Cancelled; the receipt was verified and is kept',
    none: 'There is no receipt.',
  },
} as const
