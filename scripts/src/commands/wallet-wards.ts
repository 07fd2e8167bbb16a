import type { Command } from 'commander'
import { perform } from '../invocation.js'
import { styled } from '../screen.js'
import { withWallet } from '../with-wallet.js'

/** `netcert wallet wards` and `call`: whose guardian the citizen is. */
export function addWalletWards(wallet: Command): void {
  addWards(wallet)
  addCall(wallet)
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
