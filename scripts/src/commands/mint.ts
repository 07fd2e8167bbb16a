import { join } from 'node:path'
import type { CopyKind, Issuer } from '@netcert/issuer'
import { type Command, Option } from 'commander'
import { certificateTypeNamed, shortTypeName } from '../certificate-names.js'
import { oneOf } from '../choices.js'
import { citizenReference, collectReferences } from '../citizen-reference.js'
import { interrupted, listenForInterrupt } from '../interrupt.js'
import { type Invocation, issuerDir, perform } from '../invocation.js'
import { type MintedToWallet, mintToWallet } from '../mint-to-wallet.js'
import { type Screen, styled } from '../screen.js'
import { withIssuer } from '../with-issuer.js'

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
      new Option(
        '--copies <kind>',
        'one-time or platform (default: what the type has first)',
      ).argParser(oneOf('one-time', 'platform')),
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
  const { citizen: citizens, toWallet } = options
  const left = new Set(citizens)
  const interruption = listenForInterrupt('')
  const progress = invocation.progress('minting', left.size)
  try {
    await withIssuer(invocation, async (issuer) => {
      for (const citizen of left) {
        if (interruption.signal.aborted) throw interrupted(resume([...left]))
        const walletDir = citizens.length === 1 ? toWallet : join(toWallet, citizen)
        const minted = await mintOne(invocation, issuer, { ...options, citizen, walletDir })
        left.delete(citizen)
        progress.end()
        show(invocation.screen, { citizen, wallet: walletDir, type: options.type, ...minted })
        progress.update(citizens.length - left.size)
      }
    })
  } finally {
    progress.end()
    interruption.close()
  }
}

type MintOne = Omit<MintOptions, 'citizen'> & {
  readonly citizen: string
  readonly walletDir: string
}

async function mintOne(invocation: Invocation, issuer: Issuer, one: MintOne) {
  const { citizen, walletDir, type, guardian } = one
  return mintToWallet({
    issuer,
    issuerDir: issuerDir(invocation),
    clock: invocation.clock,
    citizen,
    walletDir,
    type,
    guardian,
    copies: one.copies ?? (await firstKind(type)),
  })
}

type Shown = MintedToWallet & {
  readonly citizen: string
  readonly wallet: string
  readonly type: string
}

function show(screen: Screen, minted: Shown): void {
  const { citizen, wallet, type, kind, copies, batch } = minted
  screen.line(styled('green', 'Minted'), ` ${shortTypeName(type)}, ${kind}: ${copies}`)
  screen.line('  citizen  ', citizen)
  screen.line('  wallet   ', wallet)
  screen.line('  batch    ', batch)
  screen.result(minted)
}

/** The kind of copies a type has, the first where it has both. */
async function firstKind(type: string): Promise<CopyKind> {
  const { COPY_POLICIES } = await import('@netcert/issuer')
  return COPY_POLICIES.find(({ vct }) => vct === type)?.kind ?? 'one-time'
}

function resume(left: readonly string[]): string {
  const shown = left.slice(0, 20).join(' ')
  const more = left.length > 20 ? ` and the ${left.length - 20} after them` : ''
  return `To go on, run it again with: --citizen ${shown}${more}`
}
