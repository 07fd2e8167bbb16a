import { join } from 'node:path'
import { type Command, Option } from 'commander'
import { certificateTypeNamed, shortTypeName } from '../certificate-names.js'
import { oneOf } from '../choices.js'
import { citizenReference, collectReferences } from '../citizen-reference.js'
import { listenForInterrupt } from '../interrupt.js'
import { type Invocation, issuerDir, perform } from '../invocation.js'
import { mintToWallet } from '../mint-to-wallet.js'
import { styled } from '../screen.js'

type MintOptions = {
  readonly citizen: readonly string[]
  readonly toWallet: string
  readonly type: string
  readonly copies?: 'one-time' | 'platform'
  readonly guardian?: string
}

/** `netcert mint`: certificates into a wallet on this machine. */
export function addMintCommand(program: Command): void {
  const command = program
    .command('mint')
    .description('mint certificates into a wallet on this machine')
    .addOption(
      new Option('--citizen <reference...>', 'whom for, as `citizens list` shows them')
        .argParser(collectReferences)
        .makeOptionMandatory(),
    )
    .requiredOption('--to-wallet <dir>', 'the wallet; made when it is not there')
    .addOption(
      new Option('--type <name>', 'network-certificate, gate-pass, ward-certificate, guardianship')
        .argParser(certificateTypeNamed)
        .default('urn:netcert:network-certificate:1', 'network-certificate'),
    )
    .addOption(
      new Option('--copies <kind>', 'one-time or platform (default: what the type has first)')
        .argParser(oneOf('one-time', 'platform')),
    )
    .addOption(
      new Option('--guardian <reference>', 'the guardian who holds it').argParser(citizenReference),
    )
    .addHelpText('after', mintHelp)
  perform<MintOptions>(command, mint)
}

const mintHelp = `
One citizen fills the wallet DIR itself; several fill DIR/<reference>, a wallet each. Mints that were
interrupted are resumed with the references that are printed.

Examples:
  netcert mint --citizen <reference> --to-wallet ./wallet
  netcert mint --citizen <reference> --to-wallet ./wallet --copies platform
  netcert mint --citizen <child> --guardian <parent> --type ward-certificate --to-wallet ./parent`

async function mint(invocation: Invocation, options: MintOptions): Promise<void> {
  const { openIssuer } = await import('@netcert/issuer')
  const { clock, screen } = invocation
  const dir = issuerDir(invocation)
  const { citizen: citizens, toWallet, type, copies, guardian } = options
  const done: string[] = []
  const interruption = listenForInterrupt('Run it again with the citizens that are left.')
  const progress = invocation.progress('minting', citizens.length)
  const { issuer, close } = await openIssuer({ dir, clock })
  try {
    for (const citizen of citizens) {
      if (interruption.signal.aborted) break
      const wallet = citizens.length === 1 ? toWallet : join(toWallet, citizen)
      const minted = await mintToWallet({ issuer, issuerDir: dir, clock, citizen, walletDir: wallet, type, copies, guardian })
      done.push(citizen)
      progress.update(done.length)
      screen.line(styled('green', 'Minted'), ` ${minted.copies} ${minted.kind} ${shortTypeName(type)}`, ` for ${citizen} into ${wallet}`)
      screen.line('  batch ', minted.batch)
      screen.result({ citizen, wallet, type, ...minted })
    }
  } finally {
    progress.end()
    interruption.close()
    await close()
  }
}
