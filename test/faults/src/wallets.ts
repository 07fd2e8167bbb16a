import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseQuery } from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import { openWallet } from '@netcert/wallet'
import { killFor } from './kills.js'
import { type Kill, noKill, type ProcessRun, runProcess, wholeLines } from './killable-process.js'
import type { Outcome, Place } from './trial.js'
import { copyWorld, publish, revokeCitizens, type World } from './world.js'

const netcert = fileURLToPath(new URL('../../../scripts/netcert.js', import.meta.url))
const query = parseQuery(queries['network-number'])

/**
 * `netcert mint --to-wallet` is killed while it fills wallets, and run again. What it said is in the
 * wallet; every wallet opens, and each certificate in it can be shown and is known to the issuer:
 * once the citizens' certificates are revoked, none is left valid.
 */
export async function killWhileFillingWallets(pristine: World, place: Place): Promise<Outcome> {
  const world = copyWorld(pristine, join(place.folder, 'issuer'))
  const folder = join(place.folder, 'wallets')
  const citizens = world.citizens.slice(0, 6)
  const killed = await mintInto(world, folder, { citizens, kill: killFor(place) })
  const delivered = citizensOf(killed)
  const rest = citizens.filter((citizen) => !delivered.includes(citizen))
  // One that is in full already is minted to again: a command needs somebody to mint for.
  const again = await mintInto(world, folder, { citizens: [...rest, ...citizens], kill: noKill })
  const lost = missing(citizens, citizensOf(again), again.errors)
  for (const citizen of citizens) {
    const held = await presentAll(join(folder, citizen))
    const said = [...delivered, ...citizensOf(again)].filter((name) => name === citizen).length
    if (held.length < said)
      lost.push(`${citizen}: ${said} acknowledged, ${held.length} in the wallet`)
    const batch = (at: number) => `${citizen} ${at}`
    world.account.enter(
      held.map((credential, at) => ({ kind: 'minted', citizen, batch: batch(at), credential })),
    )
    world.account.enter(held.map((_, at) => ({ kind: 'revoked', batch: batch(at) })))
  }
  await revokeCitizens(world, citizens)
  const found = world.account.check(await publish(world))
  return {
    trial: 'killed while filling wallets',
    lost: [...lost, ...found.lost],
    doubled: found.doubled,
    acknowledged: delivered.length,
    restartSeconds: again.firstAfterSeconds ?? Number.POSITIVE_INFINITY,
  }
}

type Filling = { readonly citizens: readonly string[]; readonly kill: Kill }

function mintInto({ dir }: World, wallets: string, { citizens, kill }: Filling) {
  const words = ['--dir', dir, '--json', '--copies', 'platform', '--to-wallet', wallets]
  const command = [process.execPath, netcert, 'mint', ...words, '--citizen', ...citizens]
  return runProcess({ command, acknowledgement: /"batch":/, kill })
}

function citizensOf({ output }: ProcessRun): string[] {
  return wholeLines(output).flatMap((line) => JSON.parse(line).citizen ?? [])
}

function missing(citizens: readonly string[], minted: readonly string[], errors: string): string[] {
  const left = citizens.filter((citizen) => !minted.includes(citizen))
  return left.map((citizen) => `${citizen}: no certificate after the restart: ${errors}`)
}

/** Every certificate of a wallet as it is shown, each to a platform of its own. */
async function presentAll(dir: string): Promise<string[]> {
  if (!existsSync(dir) || !readdirSync(dir).includes('wallet.sqlite')) return []
  const { wallet, close } = await openWallet({ dir, clock: () => new Date(), create: false })
  try {
    const shown: string[] = []
    for (const { id } of await wallet.list()) {
      // A platform copy stays with its platform, so another platform gets another certificate.
      const audience = `https://${shown.length}.example/${id.length}`
      shown.push((await wallet.present({ query, audience, nonce: 'n' })).presentation)
    }
    return shown
  } finally {
    await close()
  }
}
