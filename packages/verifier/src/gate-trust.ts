import { stat } from 'node:fs/promises'
import type { Trust } from '@netcert/credential'
import type { AccreditationStatusLists } from '@netcert/protocol'
import { VerifierError } from './errors.js'
import type { PackHolding } from './offline-pack/pack-holding.js'
import { readPacks, takeInFile } from './offline-pack/pack-folder.js'
import { readPublishedLists } from './published-lists.js'
import { readStatusLists } from './registrar-lists.js'
import { raiseFloor, readFloor } from './trust-floor.js'

/** Where a gate on this machine has its trust from; nothing is fetched. */
export type GateTrustSource =
  /** A pack, or a folder of packs. */
  | { readonly pack: string }
  /** A copy of a published folder. */
  | { readonly lists: string }

/** Options of {@link openGateTrust}. */
export type GateTrustOptions = {
  readonly source: GateTrustSource
  readonly rootDid: string
  /** Keeps the newest versions seen, so that older ones brought back are refused after a restart. */
  readonly stateFile: string
  readonly clock: () => Date
}

/** What a gate knows. */
export type GateTrust = {
  readonly trust: () => Trust
  readonly accreditationStatus: () => AccreditationStatusLists
  /** When the pack was built; null where it rests on published lists without any status list. */
  readonly asOf: () => Date | null
  /** Reads the source again; where that fails, what was held stays. */
  readonly refresh: () => Promise<void>
}

type Held = {
  readonly trust: Trust
  readonly accreditationStatus: AccreditationStatusLists
  readonly asOf: Date | null
}

/**
 * Opens what a gate trusts.
 *
 * @throws VerifierError `pack_…`, `lists_unreadable`, `trust_state_unreadable`; CredentialError as
 *   `createTrust`
 */
export async function openGateTrust(options: GateTrustOptions): Promise<GateTrust> {
  let held = await read(options, null)
  return {
    trust: () => held.trust,
    accreditationStatus: () => held.accreditationStatus,
    asOf: () => held.asOf,
    async refresh() {
      held = await read(options, held)
    },
  }
}

function read(options: GateTrustOptions, held: Held | null): Promise<Held> {
  const { source } = options
  return 'pack' in source ? readPack(source.pack, options) : readLists(source.lists, options, held)
}

async function readPack(path: string, options: GateTrustOptions): Promise<Held> {
  const { rootDid, stateFile, clock } = options
  const [now, floor] = [clock(), await readFloor(stateFile)]
  const found = await stat(path).catch(() => null)
  const holding: PackHolding | null =
    found?.isDirectory() === true
      ? await readPacks({ dir: path, rootDid }, { now, floor })
      : await takeInFile(path, { rootDid, now, held: null, floor })
  if (holding === null) {
    throw new VerifierError('pack_unreadable', `there is no pack in ${path}; import one first.`)
  }
  await raiseFloor(stateFile, holding.floor)
  const { trust, accreditationStatus, builtAt } = holding
  return { trust, accreditationStatus, asOf: builtAt }
}

async function readLists(
  listsDir: string,
  { rootDid, stateFile, clock }: GateTrustOptions,
  held: Held | null,
): Promise<Held> {
  const now = clock()
  const known = held === null ? {} : { held: held.trust }
  const { trust } = await readPublishedLists({ rootDid, listsDir, now, stateFile, ...known })
  const { registrars } = trust.trustList
  const source = { listsDir, keptDir: null, registrars, now }
  const accreditationStatus = await readStatusLists(held?.accreditationStatus ?? new Map(), source)
  const asOf = trust.timeFloor === 0 ? null : new Date(trust.timeFloor * 1000)
  return { trust, accreditationStatus, asOf }
}
