import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { VerifierError } from '../errors.js'
import { raiseFloor, readFloor, syncFolder } from '../trust-floor.js'
import { keepFloor, keptFloorOf } from './kept-floor.js'
import { openPackFile } from './pack-file.js'
import { displacedPacks, type PackFolder, readPacks, takeInFile } from './pack-folder.js'
import type { PackFloor, PackHolding } from './pack-holding.js'

/** What an import that was killed left is in nobody's way, and gone after a day. */
const LEFT_OVER_MILLISECONDS = 86_400_000
const COPIED_AT_ONCE = 1024 * 1024

/** A folder of packs, and the file that remembers the newest versions seen; null: none does. */
export type KeptPacks = PackFolder & { readonly stateFile: string | null }

/** What an import led to. */
export type ImportedPack = {
  readonly holding: PackHolding
  /** false: the very pack was there already. */
  readonly isNew: boolean
}

/**
 * Takes a pack into a folder. Copied, proven and only then put in place: whoever is killed, at any
 * moment, leaves the old state or the new one. A full pack displaces what was there, a delta goes on
 * from it.
 *
 * @throws VerifierError as `takeInPack`, `pack_unreadable`, `trust_state_unreadable`; what was there
 *   before stays
 */
export async function importPack(
  kept: KeptPacks,
  options: { readonly file: string; readonly now: Date },
): Promise<ImportedPack> {
  const { dir, rootDid, stateFile } = kept
  const { file, now } = options
  await mkdir(dir, { recursive: true, mode: 0o700 })
  // A copy first: what is proven must be what is kept, whatever becomes of the stick it lies on.
  const part = join(dir, `.${randomUUID()}.part`)
  try {
    await copyDurably(file, part)
    const floor = await readFloor(stateFile ?? undefined)
    const held = await readHeld(kept, { now, floor })
    const holding = await takeInFile(part, { rootDid, now, held, floor })
    if (holding === held) return { holding, isNew: false }
    await place(kept, { part, holding, before: held?.floor ?? floor })
    return { holding, isNew: true }
  } finally {
    await rm(part, { force: true })
  }
}

/** A folder that was damaged is no reason to refuse the whole pack that would repair it. */
async function readHeld(
  kept: KeptPacks,
  options: { readonly now: Date; readonly floor: PackFloor },
): Promise<PackHolding | null> {
  return readPacks(kept, options).catch((error: unknown) => {
    if (error instanceof VerifierError && error.code === 'packs_damaged') return null
    throw error
  })
}

async function place(
  { dir, stateFile }: KeptPacks,
  {
    part,
    holding,
    before,
  }: { readonly part: string; readonly holding: PackHolding; readonly before: PackFloor },
): Promise<void> {
  const { seq, kind, floor } = holding
  const name = `${String(seq).padStart(16, '0')}-${kind}-${holding.standing.digest.slice(0, 8)}`
  const final = join(dir, `${name.replace(/[^\w-]/g, '_')}.ncpack`)
  if (kind === 'full') await keepFloor(final, before)
  await rename(part, final)
  await syncFolder(dir)
  // From here on a start finds the new pack; the floor only keeps it from going back.
  if (stateFile !== null) await raiseFloor(stateFile, floor)
  await tidy(dir, holding)
}

async function tidy(dir: string, holding: PackHolding): Promise<void> {
  for (const file of await displacedPacks(dir, holding)) {
    await rm(file, { force: true })
    await rm(keptFloorOf(file), { force: true })
  }
  for (const name of await readdir(dir)) {
    if (!/\.(part|tmp)$/.test(name)) continue
    const left = await stat(join(dir, name)).catch(() => null)
    const isOld = left !== null && Date.now() - left.mtimeMs > LEFT_OVER_MILLISECONDS
    if (isOld) await rm(join(dir, name), { force: true })
  }
}

/** @throws VerifierError `pack_unreadable` */
async function copyDurably(from: string, to: string): Promise<void> {
  const source = await openPackFile(from)
  try {
    const target = await open(to, 'wx', 0o600)
    try {
      for (let at = 0; at < source.bytes; at += COPIED_AT_ONCE) {
        await target.writeFile(await source.read(at, Math.min(COPIED_AT_ONCE, source.bytes - at)))
      }
      await target.sync()
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}
