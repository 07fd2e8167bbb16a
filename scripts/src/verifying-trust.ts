import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Trust } from '@netcert/credential'
import type { PackAge, PackHolding } from '@netcert/verifier/offline-pack'
import { wrongUse } from './failure.js'

/** What `verify` goes by. */
export type TrustFiles = {
  readonly rootDid: string
  /** A published folder. */
  readonly lists?: string
  /** An offline pack, a folder of them, or the folder of a verifier. */
  readonly pack?: string
  /** Remembers the newest versions seen. */
  readonly state?: string
  readonly now: Date
}

/** Trust from files, and what of them was left out. */
export type VerifyingTrust = {
  readonly trust: Trust
  readonly holding: PackHolding | null
  /** How old the pack is; null without one. */
  readonly age: PackAge | null
  readonly refused: readonly { readonly file: string; readonly code: string }[]
}

/**
 * Reads trust from published lists, from offline packs, or from both: then the newer part of each
 * counts. Nothing is fetched.
 *
 * @throws CommandFailure `wrong_use`; VerifierError `pack_*`, `packs_damaged`, `lists_unreadable`,
 *   `trust_state_unreadable`; CredentialError as `createTrust`
 */
export async function readVerifyingTrust(files: TrustFiles): Promise<VerifyingTrust> {
  const { rootDid, lists, pack, state, now } = files
  const holding = pack === undefined ? null : await readPack({ ...files, pack })
  const [{ readPublishedLists }, { agePack }, { mergeTrust }] = await Promise.all([
    import('@netcert/verifier/published-lists'),
    import('@netcert/verifier/offline-pack'),
    import('@netcert/credential'),
  ])
  const age = holding === null ? null : agePack(holding, now)
  if (lists === undefined) {
    if (holding !== null) return { trust: holding.trust, holding, age, refused: [] }
    throw wrongUse('Nothing says whom to trust.', 'Name --lists DIR, --pack FILE|DIR, or both.')
  }
  const stateFile = state === undefined ? {} : { stateFile: state }
  const { trust, refused } = await readPublishedLists({
    ...{ rootDid, listsDir: lists, now },
    ...stateFile,
  })
  const both = holding === null ? trust : mergeTrust(trust, holding.trust)
  return { trust: both, holding, age, refused }
}

async function readPack(options: TrustFiles & { readonly pack: string }): Promise<PackHolding> {
  const { rootDid, pack, state, now } = options
  const { packFloors, readPacks, takeInFile } = await import('@netcert/verifier/packs')
  const isFolder = await stat(pack).then(
    (found) => found.isDirectory(),
    () => false,
  )
  if (!isFolder) {
    const floor = await packFloors.read(state)
    const holding = await takeInFile(pack, { rootDid, now, held: null, floor })
    await packFloors.raise(state, holding.floor)
    return holding
  }
  // In the folder of a verifier they lie beside its state; a folder of packs has its state within.
  const inner = join(pack, 'packs')
  const isVerifier = await stat(inner).then(
    (found) => found.isDirectory(),
    () => false,
  )
  const floor = await packFloors.read(state ?? join(pack, 'trust-state.json'))
  const holding = await readPacks({ dir: isVerifier ? inner : pack, rootDid }, { now, floor })
  if (holding === null) throw wrongUse(`There is no offline pack in ${pack}.`, 'Bring one first.')
  await packFloors.raise(state, holding.floor)
  return holding
}
