import { type Command, Option } from 'commander'
import { instant } from '../choices.js'
import { perform } from '../invocation.js'
import { styled } from '../screen.js'
import { type WalletOptions, withWallet, withWalletOnTheWire } from '../with-wallet.js'

/** `netcert wallet wards`, `call` and `pause`: whose guardian the citizen is. */
export function addWalletWards(wallet: Command): void {
  addWards(wallet)
  addCall(wallet)
  addPause(wallet)
}

function addWards(wallet: Command): void {
  const command = wallet
    .command('wards')
    .description('the children you hold certificates for, by what you call them')
    .addHelpText(
      'after',
      `
The label is this wallet's own: it stands in no certificate and is sent to nobody. A guardianship is
fetched when an act of the child needs your consent, so there may be none in \`wallet list\`.

Example:
  netcert wallet wards --dir ./wallet`,
    )
  perform<object>(command, async (invocation) => {
    const { screen } = invocation
    const { wards, certificates } = await withWallet(invocation, async (it) => ({
      wards: await it.wards.list(),
      certificates: await it.list(),
    }))
    if (wards.length === 0) screen.line('This wallet holds nothing for a child.')
    for (const { id, label } of wards) {
      const held = certificates.filter(({ ward }) => ward === id).length
      screen.line(styled('bold', label), `  ${held} certificates`)
    }
    screen.result({ wards })
  })
}

function addCall(wallet: Command): void {
  const command = wallet
    .command('call')
    .argument('<ward>', 'the label so far, as `wallet wards` lists it')
    .argument('<label>', 'what you call the child')
    .description('give a child a label of your own')
    .addHelpText('after', '\nExample:\n  netcert wallet call child-1 小雨 --dir ./wallet')
  perform<object>(command, async (invocation, _options, [which = '', label = '']) => {
    const ward = await withWallet(invocation, (it) => it.wards.rename(which, label))
    invocation.screen.line(styled('green', 'Called'), `  ${ward.label}`)
    invocation.screen.result({ ward })
  })
}

type PauseOptions = WalletOptions & { readonly until?: Date }

function addPause(wallet: Command): void {
  const command = wallet
    .command('pause')
    .argument('<ward>', 'the child, as `wallet wards` lists them')
    .description('have the issuer pause everything about a child, whoever holds it')
    .addOption(new Option('--until <instant>', 'ends by itself then').argParser(instant))
    .addHelpText(
      'after',
      `
No other guardian has to agree. Taking it back is the enrolment's, unless it ends by itself.

Examples:
  netcert wallet pause 小雨 --dir ./wallet
  netcert wallet pause 小雨 --until 2026-12-01T12:00:00Z --dir ./wallet`,
    )
  perform<PauseOptions>(command, async (invocation, options, [which = '']) => {
    const { until } = options
    const ward = await withWalletOnTheWire(invocation, { options, create: false }, (it) =>
      it.wards.pause({ ward: which, ...(until === undefined ? {} : { until }) }),
    )
    invocation.screen.line(styled('yellow', 'Paused'), `  ${ward.label}, with the next publication`)
    invocation.screen.result({ ward, until: until ?? null })
  })
}
