import type { PackSource } from '@netcert/protocol/offline-pack'
import { type PackHolding, takeInPack } from '@netcert/verifier/offline-pack'
import type { Home, KeptPack } from './database.js'

/** What the gate holds of packs. */
export type HeldPack = PackHolding

/**
 * Takes a pack in and keeps it: all or nothing. A full one takes the place of what was kept, a delta
 * comes after it. What was held stays when anything fails.
 *
 * @throws ProtocolError and VerifierError `pack_…`, see docs/formats/offline-pack.md
 */
export async function importPack(
  home: Home,
  options: {
    readonly pack: Blob
    readonly held: HeldPack | null
    readonly rootDid: string
    readonly now: Date
  },
): Promise<HeldPack> {
  const { pack, now } = options
  const { held } = options
  const taken = await takeInPack({ ...options, pack: sourceOf(pack) })
  // The very pack that is at hand: nothing to keep.
  if (taken === held) return held
  const row: KeptPack = { pack, takenInAt: now, floorBefore: held?.floor ?? null }
  const act = home.transaction('packs', 'readwrite', { durability: 'strict' })
  const writes =
    taken.kind === 'full' ? [act.store.clear(), act.store.add(row)] : [act.store.add(row)]
  await Promise.all([...writes, act.done])
  return taken
}

/**
 * Reads what is kept again, every signature and hash of it, as of when it was taken in: how old it is
 * by now is for each verdict to say. Where a later one does not hold any more, what came before it
 * is used; null: there is nothing.
 */
export async function readKeptPacks(home: Home, rootDid: string): Promise<HeldPack | null> {
  let held: HeldPack | null = null
  for (const { pack, takenInAt, floorBefore: floor } of await home.getAll('packs')) {
    try {
      held = await takeInPack({ pack: sourceOf(pack), held, floor, rootDid, now: takenInAt })
    } catch {
      return held
    }
  }
  return held
}

function sourceOf(pack: Blob): PackSource {
  return {
    bytes: pack.size,
    async read(offset, length) {
      return new Uint8Array(await pack.slice(offset, offset + length).arrayBuffer())
    },
  }
}
