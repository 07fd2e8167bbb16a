import type { JsonValue } from '@netcert/credential'
import { randomBytes } from '@netcert/credential/crypto'
import { encodeBase64Url } from '@netcert/credential'
import { VerifierError } from '../errors.js'
import { chainHash } from './ledger-chain.js'

/** What an entry answered. */
export type EntryBy = 'challenge' | 'poster' | 'paper'

/** One entry to be made: tags under the ledger key of the event, never a key, number or claim. */
export type Entry = {
  /** Tag of the holder's key. */
  readonly holder: string
  /** Ticket gate: tag of the person at this platform; null at a fact gate. */
  readonly person: string | null
  /** Tag of holder's key and nonce: the same for the very same code. */
  readonly answer: string
  /** Kept to the second. */
  readonly at: Date
  readonly by: EntryBy
}

/** An entry as it stands in a ledger. */
export type LedgerEntry = Entry & {
  /** Id of the ledger it was made in. */
  readonly ledger: string
  /** 1, 2, 3 … within its ledger. */
  readonly number: number
  readonly gate: string
  readonly lane: string
  /** Over this entry and the hash before it, see {@link chainHash}. */
  readonly hash: string
}

/** What a ledger is, and how far it has come. */
export type LedgerHead = {
  /** Random, given when it was made. */
  readonly ledger: string
  readonly event: string
  /** After this it is erased. */
  readonly erasesAt: Date
  /** Entries made in it; those of other ledgers are not counted. */
  readonly number: number
  /** Hash of the last entry; '' when there is none. */
  readonly hash: string
  /** The latest time the gate has seen; null: none yet. */
  readonly seenAt: Date | null
}

/**
 * Where the rows of a ledger lie: SQLite, IndexedDB, memory. Every act is durable when it resolves,
 * and atomic.
 */
export type LedgerRows = {
  /** null: nothing was made here yet, or all was erased. `seenAt` counts the entries' times too. */
  head(): Promise<LedgerHead | null>
  /** Makes the ledger; one that is there stays as it is. */
  make(head: LedgerHead): Promise<void>
  /**
   * Adds an entry unless its holder or person stands here already, in this ledger's entries or those
   * taken in (`before`), or its number is taken (`overtaken`: another process was faster).
   */
  append(
    entry: LedgerEntry,
  ): Promise<
    | { readonly state: 'appended' | 'overtaken' }
    | { readonly state: 'before'; readonly entry: LedgerEntry }
  >
  /** The entries made here, in order. */
  own(): Promise<readonly LedgerEntry[]>
  /** Puts entries of other ledgers beside the own ones; what is there already is passed over. */
  takeIn(entries: readonly LedgerEntry[]): Promise<number>
  /** Moves the latest time seen; forwards only, unless `correct` says the clock was wrong before. */
  see(at: Date, options: { readonly correct: boolean }): Promise<void>
  /** Deletes everything, so that no byte of it is left. @returns how many entries went */
  erase(): Promise<number>
}

/** What became of an entry. */
export type Entered =
  | { readonly state: 'entered'; readonly number: number }
  | { readonly state: 'before'; readonly entry: LedgerEntry }

/** The entry ledger of a lane: who was let in, by tags alone. */
export type EntryLedger = {
  /**
   * Lets a pass in once: of any number of simultaneous calls, in several processes, exactly one is
   * entered. Durable when it resolves.
   */
  enter(entry: Entry): Promise<Entered>
  head(): Promise<LedgerHead>
  entries(): Promise<readonly LedgerEntry[]>
  /** Takes entries of other ledgers in, so that a pass used there is refused here. */
  takeIn(entries: readonly LedgerEntry[]): Promise<number>
  see(at: Date): Promise<void>
  /** An operator says that the clock was wrong before and is right now. */
  correctClock(now: Date): Promise<void>
  erase(): Promise<number>
}

/** Options of {@link createLedger}. */
export type LedgerOptions = {
  readonly rows: LedgerRows
  readonly event: { readonly id: string; readonly endsAt: Date }
  readonly keepLedgerSeconds: number
  readonly gate: string
  readonly lane: string
}

/** An entry that another process made in between is met again so often before giving up. */
const MOST_TRIES = 100

/**
 * Opens the ledger of an event on its rows, and makes it where there is none.
 *
 * @throws VerifierError `ledger_other_event` where the rows are of another event
 */
export async function createLedger(options: LedgerOptions): Promise<EntryLedger> {
  const ledger = new ChainedLedger(options)
  await ledger.head()
  return ledger
}

class ChainedLedger implements EntryLedger {
  readonly #options: LedgerOptions
  /** As far as this process knows; null: to be read again. */
  #head: LedgerHead | null = null
  #last: Promise<unknown> = Promise.resolve()

  constructor(options: LedgerOptions) {
    this.#options = options
  }

  enter(entry: Entry): Promise<Entered> {
    // One after the other: each entry is chained to the one before it.
    const turn = this.#last.then(() => this.#enterNow(entry))
    this.#last = turn.catch(() => {
      this.#head = null
    })
    return turn
  }

  async head(): Promise<LedgerHead> {
    const { rows, event, keepLedgerSeconds } = this.#options
    const found = await rows.head()
    if (found !== null) return ofEvent(found, event.id)
    const ledger = encodeBase64Url(randomBytes(16))
    const erasesAt = new Date(event.endsAt.getTime() + keepLedgerSeconds * 1000)
    await rows.make({ ledger, event: event.id, erasesAt, number: 0, hash: '', seenAt: null })
    // Another process may have been faster: what stands there counts.
    const made = await rows.head()
    if (made === null) throw new TypeError('a ledger that was made is not there')
    return ofEvent(made, event.id)
  }

  entries(): Promise<readonly LedgerEntry[]> {
    return this.#options.rows.own()
  }

  async takeIn(entries: readonly LedgerEntry[]): Promise<number> {
    const { ledger } = await this.head()
    return this.#options.rows.takeIn(entries.filter((one) => one.ledger !== ledger))
  }

  see(at: Date): Promise<void> {
    return this.#options.rows.see(at, { correct: false })
  }

  correctClock(now: Date): Promise<void> {
    return this.#options.rows.see(now, { correct: true })
  }

  erase(): Promise<number> {
    this.#head = null
    return this.#options.rows.erase()
  }

  async #enterNow(entry: Entry): Promise<Entered> {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const before = this.#head ?? (await this.head())
      const next = nextEntry(before, entry, this.#options)
      const put = await this.#options.rows.append(next)
      if (put.state === 'before') return put
      if (put.state === 'appended') {
        this.#head = { ...before, number: next.number, hash: next.hash }
        return { state: 'entered', number: next.number }
      }
      this.#head = null
    }
    throw new VerifierError('overloaded', 'too many lanes write this ledger at once; try again.')
  }
}

function ofEvent(head: LedgerHead, event: string): LedgerHead {
  if (head.event === event) return head
  throw new VerifierError(
    'ledger_other_event',
    `this ledger is of another event than ${JSON.stringify(event)}; name a new file for it.`,
  )
}

function nextEntry(head: LedgerHead, entry: Entry, { gate, lane }: LedgerOptions): LedgerEntry {
  const { ledger, event } = head
  const seconds = Math.floor(entry.at.getTime() / 1000)
  const next = {
    ...entry,
    at: new Date(seconds * 1000),
    ledger,
    number: head.number + 1,
    gate,
    lane,
  }
  return { ...next, hash: chainHash(head.hash, event, next) }
}

/** The wire form of an entry, members in this order. See docs/formats/gate-ledger.md. */
export function wireEntry(entry: LedgerEntry): Readonly<Record<string, JsonValue>> {
  const { number, gate, lane, at, by, holder, person, answer, hash } = entry
  return { number, gate, lane, at: at.getTime() / 1000, by, holder, person, answer, hash }
}
