import type { VouchingQuestion } from '@netcert/wallet'
import type { Command } from 'commander'
import { askYes, canAsk, consentNeeded } from '../consent-screen.js'
import { type Invocation, perform } from '../invocation.js'
import { styled } from '../screen.js'
import { type WalletOptions, withWalletOnTheWire } from '../with-wallet.js'
import { refuseExisting, writeNewFile } from '../write-output.js'

type VouchOptions = WalletOptions & { readonly yes?: true; readonly out?: string }

/** `netcert wallet vouch`: a word for somebody else, by one's own certificate. */
export function addWalletVouch(wallet: Command): void {
  const command = wallet
    .command('vouch')
    .argument('<link>', 'netcert-recovery:… or netcert-guardian:…, as the issuer shows it')
    .description('agree to be a recovery contact, confirm who applies, or consent as a guardian')
    .option('--yes', 'do not ask first')
    .option('--out <file>', 'write the presentation to a new file')
    .addHelpText(
      'after',
      `
Compare the reference with whoever asked you, by voice. The answer is a presentation of your own
certificate that says yes to this and to nothing else; hand it over within the hour.

Example:
  netcert wallet vouch netcert-recovery:… --dir ./wallet --out yes.txt`,
    )
  perform<VouchOptions>(command, vouch)
}

async function vouch(
  invocation: Invocation,
  options: VouchOptions,
  [link = '']: readonly string[],
): Promise<void> {
  const { screen, language } = invocation
  const { out } = options
  if (out !== undefined) await refuseExisting(out)
  const presentation = await withWalletOnTheWire(invocation, { options, create: false }, (wallet) =>
    wallet.vouching.vouch({
      link,
      consent: (question) => agree(invocation, question, options.yes === true),
    }),
  )
  if (out !== undefined) await writeNewFile({ path: out, lines: [presentation] })
  screen.line(styled('green', WORDS[language].done))
  screen.line(out ?? presentation)
  screen.result(out === undefined ? { presentation } : { file: out })
}

async function agree(
  invocation: Invocation,
  { kind, issuer, subject }: VouchingQuestion,
  isAgreed: boolean,
): Promise<boolean> {
  const { screen, language } = invocation
  const words = WORDS[language]
  screen.line(styled('bold', words[kind]))
  screen.line(`  ${words.issuer}  `, issuer)
  screen.line(`  ${words.subject}  `, subject)
  screen.line(styled('yellow', `  ${words.compare}`))
  if (isAgreed) return true
  if (canAsk(invocation)) return askYes(words.ask)
  throw consentNeeded('Look at what is confirmed, and run it again with --yes.')
}

const WORDS = {
  'zh-CN': {
    contact: '成为他人的恢复联系人',
    confirmation: '确认申请人就是本人',
    guardian: '以监护人身份同意未成年人的申请',
    issuer: '签发方',
    subject: '编号',
    compare: '请先通过电话或当面与对方核对编号，再确认',
    ask: '确认吗？',
    done: '已签名，请在一小时内交给登记机关',
  },
  en: {
    contact: 'Become the recovery contact of somebody',
    confirmation: 'Confirm that whoever applies is who they say',
    guardian: 'Consent as a guardian to the application of a minor',
    issuer: 'issuer   ',
    subject: 'reference',
    compare: 'Compare the reference with them first, by voice or face to face',
    ask: 'Confirm?',
    done: 'Signed; hand it to the issuer within the hour',
  },
} as const
