import { epochSeconds } from '@netcert/credential'
import type { ShownClaim } from '@netcert/protocol'
import {
  type Deletion,
  type Disclosure,
  deletionsOf,
  disclosuresOf,
  platformTag,
} from './ledger.js'
import {
  type ChainCheck,
  checkRows,
  type LedgerEntry,
  openEntry,
  writeEntry,
} from './ledger-chain.js'
import type { DeletionContent, DisclosureContent, LedgerContent } from './ledger-entry.js'
import type { LedgerStore, WriteEntry } from './stores.js'
import type { Vault } from './keys.js'

/** Over this time claims are counted together, so that no row of small questions gets more. */
const DAY_SECONDS = 86_400
const MINUTE_SECONDS = 60

/** The ledger of one wallet: who learned what, why and until when; never a value. */
export class LedgerBook {
  readonly #store: LedgerStore
  readonly #vault: Vault
  readonly #clock: () => Date

  constructor(options: {
    readonly store: LedgerStore
    readonly vault: Vault
    readonly clock: () => Date
  }) {
    this.#store = options.store
    this.#vault = options.vault
    this.#clock = options.clock
  }

  /** A line to be hung on the chain by whoever does what it is about. */
  line(content: LedgerContent): WriteEntry {
    const recordedAt = epochSeconds(this.#clock())
    return writeEntry(this.#vault, { recordedAt, platformTag: this.#tagOf(content), content })
  }

  /** Writes lines down, durably. */
  append(...contents: readonly LedgerContent[]): Promise<void> {
    return this.#store.append(contents.map((content) => this.line(content)))
  }

  /**
   * Begins an empty ledger with lines that were written elsewhere, at the times they tell.
   *
   * @returns false, and nothing is written, where there are lines already.
   */
  async begin(
    lines: readonly { readonly recordedAt: number; readonly content: LedgerContent }[],
  ): Promise<boolean> {
    if ((await this.#store.head()).position > 0) return false
    const entries = lines.map(({ recordedAt, content }, at): WriteEntry => {
      const write = writeEntry(this.#vault, {
        ...{ recordedAt, content },
        platformTag: this.#tagOf(content),
      })
      return (link) => {
        // Somebody wrote meanwhile: what throws in here undoes the whole transaction.
        if (link.position !== at + 1) throw new TypeError('the ledger is not empty any more')
        return write(link)
      }
    })
    await this.#store.append(entries)
    return true
  }

  /** Everything, oldest first. @throws AgentError for a line that was not sealed here. */
  async entries(): Promise<readonly LedgerEntry[]> {
    return (await this.#store.entries()).map((row) => openEntry(this.#vault, row))
  }

  /** Who learned what, newest first. */
  async disclosures(): Promise<readonly Disclosure[]> {
    return disclosuresOf(await this.entries())
  }

  /** What one party was shown about one person, newest first: the citizen, or a child. */
  async disclosuresTo(
    { platformId, audience }: { readonly platformId: string | null; readonly audience: string },
    ward: string | null,
  ): Promise<readonly Disclosure[]> {
    const entries = await (platformId === null ? this.entries() : this.#about(platformId))
    const isIts = (it: Disclosure) => platformId !== null || it.audience === audience
    return disclosuresOf(entries).filter((it) => isIts(it) && (it.ward?.id ?? null) === ward)
  }

  /** How each demand to delete stands, newest first. */
  async deletions(): Promise<readonly Deletion[]> {
    return deletionsOf(await this.entries(), this.#clock())
  }

  /** What a platform was shown in the last 24 hours about one person: the citizen, or a child. */
  async shownRecently(
    platformId: string,
    ward: string | null = null,
  ): Promise<readonly ShownClaim[]> {
    const since = epochSeconds(this.#clock()) - DAY_SECONDS
    const entries = await this.#about(platformId, since)
    return entries.flatMap((entry) =>
      entry.kind === 'disclosure' && isAbout(entry, ward)
        ? entry.claims.map((path) => ({ vct: entry.vct, path }))
        : [],
    )
  }

  /** Whether a platform has a number of this person, as far as it has not proved that it deleted it. */
  async knowsNumber(platformId: string, ward: string | null = null): Promise<boolean> {
    let knows = false
    for (const entry of await this.#about(platformId)) {
      if (entry.kind === 'disclosure' && isAbout(entry, ward)) knows ||= entry.claims.some(isNumber)
      if (entry.kind === 'deletion' && isAbout(entry, ward) && entry.state === 'deleted') {
        knows = false
      }
    }
    return knows
  }

  /** Whether somebody else was shown something within a minute: who compares clocks could join it. */
  async showedOthersJustNow(audience: string): Promise<boolean> {
    const since = epochSeconds(this.#clock()) - MINUTE_SECONDS
    const rows = await this.#store.entriesSince(since)
    const entries = rows.map((row) => openEntry(this.#vault, row))
    return entries.some((entry) => entry.kind === 'disclosure' && entry.audience !== audience)
  }

  /** The last word on a demand to delete at a platform. */
  async lastDeletion(
    platformId: string,
    ward: string | null = null,
  ): Promise<DeletionContent | null> {
    const entries = await this.#about(platformId)
    const deletions = entries.flatMap((entry) => (entry.kind === 'deletion' ? [entry] : []))
    return deletions.findLast((entry) => isAbout(entry, ward)) ?? null
  }

  /** Checks the chain from its first line to its end. */
  async check(): Promise<ChainCheck> {
    return checkRows(this.#vault, await this.#store.entries(), await this.#store.head())
  }

  #tagOf(content: LedgerContent): string | null {
    const platformId = platformOf(content)
    return platformId === null ? null : platformTag(this.#vault, platformId)
  }

  async #about(platformId: string, since = 0): Promise<readonly LedgerEntry[]> {
    const rows = await this.#store.entriesOf(platformTag(this.#vault, platformId), since)
    return rows.map((row) => openEntry(this.#vault, row))
  }
}

function isAbout({ ward }: DisclosureContent | DeletionContent, id: string | null): boolean {
  return (ward?.id ?? null) === id
}

function isNumber([name]: ShownClaim['path']): boolean {
  return name === 'platform_number' || name === 'network_number'
}

function platformOf(content: LedgerContent): string | null {
  return content.kind === 'receipt' ? null : (content.platform?.id ?? null)
}
