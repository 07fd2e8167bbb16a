import type { Kill } from './issuer-run.js'
import { type Outcome, type Place, spread } from './trial.js'
import { mint, restart, revoke, type World } from './world.js'

/** Odd trials at the first acknowledgement, the others anywhere between start and full work. */
function killFor(place: Place): Kill {
  if (place.number % 2 === 1) return { at: 'first-acknowledgement' }
  return { at: 'milliseconds', after: spread(place, 150, 1500) }
}

/** kill -9 while certificates are minted: each that left must be known, revocable, and single. */
export async function killWhileMinting(world: World, place: Place): Promise<Outcome> {
  const { batches } = await mint(world, 100_000, { kill: killFor(place) })
  return { trial: 'killed while minting', ...(await restart(world, batches)) }
}

/** kill -9 while certificates are revoked: each acknowledged revocation must hold for good. */
export async function killWhileRevoking(world: World, place: Place): Promise<Outcome> {
  const { batches } = await mint(world, 200, { kill: { at: 'never' } })
  await revoke(world, batches, { kill: killFor(place) })
  return { trial: 'killed while revoking', ...(await restart(world, [])) }
}

/** Two processes mint from one database at once, and one of them is killed. */
export async function twoProcesses(world: World, place: Place): Promise<Outcome> {
  const [first, second] = await Promise.all([
    mint(world, 150, { kill: { at: 'never' } }),
    mint(world, 100_000, { kill: { at: 'milliseconds', after: spread(place, 700, 2000) } }),
  ])
  const found = await restart(world, [...first.batches, ...second.batches])
  const short = 150 - first.batches.length
  const stopped = short > 0 ? [`the surviving process left out ${short} of 150`] : []
  return { trial: 'two processes', ...found, lost: [...found.lost, ...stopped] }
}
