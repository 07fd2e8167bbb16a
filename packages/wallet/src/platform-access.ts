import type { LocalisedText } from '@netcert/protocol'
import type { PlatformHolding } from './platform-holding.js'
import { fetchPlatformCopy, platformIssuer, preparePlatform } from './platform-copies.js'
import { dropHolding, findHolding, listHoldings, noteAccreditation } from './platform-holdings.js'
import type { IssuanceGround } from './vci-ground.js'

/** A platform of which this wallet has a copy, or will have one. */
export type HeldPlatform = {
  readonly platformId: string
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
  issuer(): Promise<string | null>
  find(platformId: string): Promise<HeldPlatform | null>
  list(): Promise<readonly HeldPlatform[]>
  /** At once. @throws as `fetchPlatformCopy` */
  fetchCopy(options: {
    readonly platformId: string
    readonly replacing: string | null
  }): Promise<void>
  /** Some time within a day. @throws WalletError `platform_copy_missing` */
  prepare(platformId: string): Promise<Date>
  /** Keeps the newest accreditation, for the day when something is to be deleted. */
  note(platformId: string, known: Pick<PlatformHolding, 'name' | 'accreditation'>): Promise<void>
  drop(platformId: string): Promise<void>
}

/** Finds or fetches the copy that is tied to a platform. */
export function createPlatforms(ground: IssuanceGround): Platforms {
  return {
    issuer: () => platformIssuer(ground),
    async find(platformId) {
      const found = await findHolding(ground, platformId)
      return found === null ? null : heldFrom(found)
    },
    list: async () => (await listHoldings(ground)).map(heldFrom),
    fetchCopy: (options) => fetchPlatformCopy(ground, options),
    prepare: (platformId) => preparePlatform(ground, platformId),
    note: (platformId, known) => noteAccreditation(ground, platformId, known),
    drop: (platformId) => dropHolding(ground, platformId),
  }
}

function heldFrom({
  row,
  holding,
}: NonNullable<Awaited<ReturnType<typeof findHolding>>>): HeldPlatform {
  const { platformId, name, accreditation, presenceUri } = holding
  const dueAt = row.due_at === null ? null : new Date(row.due_at * 1000)
  return { platformId, name, batch: row.batch_id, dueAt, accreditation, presenceUri }
}
