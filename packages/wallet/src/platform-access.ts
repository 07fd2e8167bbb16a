import type { LocalisedText } from '@netcert/protocol'
import { platformIssuer } from './held-grants.js'
import type { CopyWish, PlatformHolding } from './platform-holding.js'
import {
  dropHolding,
  findHolding,
  type HoldingName,
  listHoldings,
  noteAccreditation,
  wishOf,
} from './platform-holdings.js'
import type { IssuanceGround } from './vci-ground.js'

/** A platform of which this wallet has a copy, or will have one. */
export type HeldPlatform = {
  readonly platformId: string
  /** The child it is about; null: the citizen themselves. */
  readonly ward: string | null
  /** Type of the copy. */
  readonly vct: string
  readonly name: LocalisedText | null
  /** The batch of its copy; null while none was fetched. */
  readonly batch: string | null
  readonly dueAt: Date | null
  readonly accreditation: string | null
  /** Where the issuer has a page for presence checks, as it said last. */
  readonly presenceUri: string | null
}

/** Copies for platforms: who brings them, and what is there. */
export type Platforms = {
  /** Who would be asked; null when no grant brings platform copies. Asks nobody. */
  issuer(wish: Pick<CopyWish, 'ward' | 'vct'>): Promise<string | null>
  find(name: HoldingName): Promise<HeldPlatform | null>
  list(): Promise<readonly HeldPlatform[]>
  /** At once. @throws as `fetchPlatformCopy` */
  fetchCopy(options: { readonly wish: CopyWish; readonly replacing: string | null }): Promise<void>
  /** Some time within a day. @throws WalletError `platform_copy_missing` */
  prepare(wish: CopyWish): Promise<Date>
  /** Keeps the newest accreditation, for the day when something is to be deleted. */
  note(name: HoldingName, known: Pick<PlatformHolding, 'name' | 'accreditation'>): Promise<void>
  drop(name: HoldingName): Promise<void>
}

/** What asks issuers; its code comes with the first question. */
const copies = () => import('./platform-copies.js')

/** Finds or fetches the copy that is tied to a platform. */
export function createPlatforms(ground: IssuanceGround): Platforms {
  return {
    issuer: (wish) => platformIssuer(ground, wish),
    async find(name) {
      const found = await findHolding(ground, name)
      return found === null ? null : heldFrom(found)
    },
    list: async () => (await listHoldings(ground)).map(heldFrom),
    fetchCopy: async (options) => (await copies()).fetchPlatformCopy(ground, options),
    prepare: async (wish) => (await copies()).preparePlatform(ground, wish),
    note: (name, known) => noteAccreditation(ground, name, known),
    drop: (name) => dropHolding(ground, name),
  }
}

function heldFrom({
  row,
  holding,
}: NonNullable<Awaited<ReturnType<typeof findHolding>>>): HeldPlatform {
  const { name, accreditation, presenceUri } = holding
  const dueAt = row.due_at === null ? null : new Date(row.due_at * 1000)
  return { ...wishOf(holding), name, batch: row.batch_id, dueAt, accreditation, presenceUri }
}
