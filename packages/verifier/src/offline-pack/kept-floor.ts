import { access } from 'node:fs/promises'
import { replaceFile } from '../bounded-file.js'
import { encodeFloor, readFloor } from '../trust-floor.js'
import type { PackFloor } from './pack-holding.js'

/**
 * The floor under which a full pack was taken in, kept beside its file: what follows raises the floor,
 * and may follow another root, and yet the full pack has to be read again at every start.
 *
 * @returns null where there is none, as for a pack that somebody copied there by hand
 * @throws VerifierError `trust_state_unreadable`
 */
export async function readKeptFloor(packFile: string): Promise<PackFloor | null> {
  const file = keptFloorOf(packFile)
  const isKept = await access(file).then(
    () => true,
    () => false,
  )
  return isKept ? readFloor(file) : null
}

/** Keeps the floor of before, whole or not at all. */
export async function keepFloor(packFile: string, floor: PackFloor): Promise<void> {
  await replaceFile(keptFloorOf(packFile), encodeFloor({ ...floor, statusLists: new Map() }))
}

/** Where the floor of a pack is kept. */
export function keptFloorOf(packFile: string): string {
  return `${packFile}.floor.json`
}
