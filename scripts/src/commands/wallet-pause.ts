import type { HeldCertificate } from '@netcert/wallet'
import { type Command, Option } from 'commander'
import { shortTypeName } from '../certificate-names.js'
import { instant } from '../choices.js'
import { askYes, canAsk, consentNeeded } from '../consent-screen.js'
import { type Invocation, perform } from '../invocation.js'
import { minute } from '../minute.js'
import { styled } from '../screen.js'
import { type WalletOptions, withWalletOnTheWire } from '../with-wallet.js'

type PauseOptions = WalletOptions & { readonly until?: Date; readonly yes?: true }

/** `netcert wallet pause`: everything the citizen holds, or everything about a child. */
export function addWalletPause(wallet: Command): void {
  const command = wallet
    .command('pause')
    .argument('[ward]', 'a child, as `wallet wards` lists them; without one: yourself')
    .description('have the issuer pause everything you hold, or everything about a child')
    .addOption(new Option('--until <instant>', 'ends by itself then').argParser(instant))
    .option('--yes', 'do not ask first')
    .addHelpText(
      'after',
      `
Without a child it is about you: the certificates on all your devices are refused from the next status
list on, and nothing new is issued. It ends by itself at --until; sooner, or without it, the counter of
the issuer takes it back: no wallet can. For a child no other guardian has to agree.

Examples:
  netcert wallet pause --until 2026-12-01T12:00:00Z --dir ./wallet
  netcert wallet pause 小雨 --dir ./wallet`,
    )
  perform<PauseOptions>(command, (invocation, options, [ward]) =>
    ward === undefined ? pauseOwn(invocation, options) : pauseWard(invocation, options, ward),
  )
}

async function pauseOwn(invocation: Invocation, options: PauseOptions): Promise<void> {
  const { screen, language } = invocation
  const words = WORDS[language]
  const pauses = await withWalletOnTheWire(invocation, { options, create: false }, async (it) => {
    await agree(invocation, options, await it.list())
    return it.pause(untilOf(options))
  })
  for (const { issuer, until } of pauses) {
    const end = until === null ? words.open : words.until(minute(until))
    screen.line(styled('yellow', words.done), `  ${issuer}, ${end}`)
  }
  screen.result({ pauses })
}

async function agree(
  invocation: Invocation,
  { until, yes }: PauseOptions,
  certificates: readonly HeldCertificate[],
): Promise<void> {
  const words = WORDS[invocation.language]
  const { screen } = invocation
  screen.line(styled('bold', words.title))
  for (const { vct, remaining } of certificates) {
    screen.line(`  ${words.pauses}  `, `${shortTypeName(vct)} (${remaining})`)
  }
  screen.line(`  ${until === undefined ? words.open : words.until(minute(until))}`)
  screen.line(styled('yellow', `  ${words.noBack}`))
  if (yes === true) return
  if (!canAsk(invocation)) {
    throw consentNeeded('Look at what is paused, and run it again with --yes.')
  }
  if (!(await askYes(words.ask))) throw consentNeeded(words.again)
}

async function pauseWard(
  invocation: Invocation,
  options: PauseOptions,
  which: string,
): Promise<void> {
  const { screen } = invocation
  const ward = await withWalletOnTheWire(invocation, { options, create: false }, (it) =>
    it.wards.pause({ ward: which, ...untilOf(options) }),
  )
  screen.line(styled('yellow', 'Paused'), `  ${ward.label}, with the next publication`)
  screen.result({ ward, until: options.until ?? null })
}

function untilOf({ until }: PauseOptions): { readonly until?: Date } {
  return until === undefined ? {} : { until }
}

const WORDS = {
  'zh-CN': {
    title: '暂停您名下的全部凭证',
    pauses: '暂停',
    until: (end: string) => `到 ${end} 自动恢复`,
    open: '直到签发机构柜台恢复',
    noBack: '提前恢复只能到签发机构柜台办：凭证夹里谁也不能取消',
    ask: '确定暂停吗？',
    again: '需要时再次运行同一命令。',
    done: '已暂停',
  },
  en: {
    title: 'Pause everything you hold',
    pauses: 'pauses',
    until: (end: string) => `ends by itself at ${end}`,
    open: 'until the issuer’s counter takes it back',
    noBack: 'Only the issuer’s counter ends it sooner: no wallet can',
    ask: 'Pause?',
    again: 'Run it again when you want to.',
    done: 'Paused',
  },
} as const
