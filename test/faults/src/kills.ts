import { acknowledged } from './issuer-run.js'
import { type Kill, noKill } from './killable-process.js'
import { type Outcome, type Place, spread } from './trial.js'
import { mint, restart, revoke, type World } from './world.js'

/**
 * Half of the trials at the moment of the first acknowledgement, a quarter while the process starts,
 * a quarter in the middle of its work.
 */
export function killFor(place: Place): Kill {
  if (place.number % 2 === 1) return { after: 'first-acknowledgement', milliseconds: 0 }
  if (place.number % 4 === 0) return { after: 'start', milliseconds: spread(place, 50, 450) }
  return { after: 'first-acknowledgement', milliseconds: spread(place, 1, 100) }
}

/** kill -9 while certificates are minted: each that left must be known, revocable, and single. */
export async function killWhileMinting(world: World, place: Place): Promise<Outcome> {
  const { run, batches } = await mint(world, 100_000, { kill: killFor(place) })
  const found = await restart(world, batches)
  return { trial: 'killed while minting', ...found, acknowledged: acknowledged(run) }
}

/** kill -9 while certificates are revoked: each acknowledged revocation must hold for good. */
export async function killWhileRevoking(world: World, place: Place): Promise<Outcome> {
  const { batches } = await mint(world, 300, { kill: noKill })
  const run = await revoke(world, batches, { kill: killFor(place) })
  const found = await restart(world, [])
  return { trial: 'killed while revoking', ...found, acknowledged: acknowledged(run) }
}

/** Two processes mint from one database at once, and one of them is killed. */
export async function twoProcesses(world: World, place: Place): Promise<Outcome> {
  const [first, second] = await Promise.all([
    mint(world, 150, { kill: noKill }),
    mint(world, 100_000, {
      kill: { after: 'first-acknowledgement', milliseconds: spread(place, 1, 300) },
    }),
  ])
  const found = await restart(world, [...first.batches, ...second.batches])
  const short = 150 - first.batches.length
  const stopped = short > 0 ? [`the surviving process left out ${short} of 150`] : []
  const both = acknowledged(first.run) + acknowledged(second.run)
  return {
    trial: 'two processes',
    ...found,
    lost: [...found.lost, ...stopped],
    acknowledged: both,
  }
}
