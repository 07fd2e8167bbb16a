import type { LedgerEntry, LedgerHead, LedgerRows } from './gate-ledger.js'

/** Rows of a ledger in memory: lost on restart, so for tests and for trying things out alone. */
export function memoryLedgerRows(): LedgerRows {
  return new MemoryRows()
}

class MemoryRows implements LedgerRows {
  #made: LedgerHead | null = null
  #seenAt = 0
  #own: LedgerEntry[] = []
  #others: LedgerEntry[] = []
  readonly #known = new Map<string, LedgerEntry>()

  async head() {
    if (this.#made === null) return null
    const seenAt = this.#seenAt === 0 ? null : new Date(this.#seenAt)
    const hash = this.#own.at(-1)?.hash ?? ''
    return { ...this.#made, number: this.#own.length, hash, seenAt }
  }

  async make(head: LedgerHead) {
    this.#made ??= head
  }

  async append(entry: LedgerEntry): ReturnType<LedgerRows['append']> {
    for (const tag of tagsOf(entry)) {
      const before = this.#known.get(tag)
      if (before !== undefined) return { state: 'before', entry: before }
    }
    if (entry.number !== this.#own.length + 1) return { state: 'overtaken' }
    this.#own.push(entry)
    this.#know(entry)
    this.#seenAt = Math.max(this.#seenAt, entry.at.getTime())
    return { state: 'appended' }
  }

  async own() {
    return [...this.#own]
  }

  async takeIn(entries: readonly LedgerEntry[]) {
    const places = new Set(this.#others.map(placeOf))
    const fresh = entries.filter((entry) => !places.has(placeOf(entry)))
    for (const entry of fresh) this.#know(entry)
    this.#others = [...this.#others, ...fresh]
    return fresh.length
  }

  async see(at: Date, { correct }: { readonly correct: boolean }) {
    this.#seenAt = correct ? at.getTime() : Math.max(this.#seenAt, at.getTime())
  }

  async erase() {
    const count = this.#own.length + this.#others.length
    this.#own = []
    this.#others = []
    this.#known.clear()
    this.#made = null
    this.#seenAt = 0
    return count
  }

  #know(entry: LedgerEntry): void {
    for (const tag of tagsOf(entry)) if (!this.#known.has(tag)) this.#known.set(tag, entry)
  }
}

function tagsOf({ holder, person }: LedgerEntry): readonly string[] {
  return person === null ? [`h ${holder}`] : [`h ${holder}`, `p ${person}`]
}

function placeOf({ ledger, number }: LedgerEntry): string {
  return `${ledger} ${number}`
}
