import type { CopyKind } from './copy-choice.js'

/** What was received together: copies of one certificate. Times here in seconds since 1970. */
export type BatchRow = {
  readonly id: string
  readonly kind: CopyKind
  readonly vct: string
  readonly issuer: string
  readonly issued_at: number
  readonly expires_at: number
  readonly received_at: number
  /** The child it is about, by this wallet's own name; null: the citizen's own. */
  readonly ward_id: string | null
}

export type CopyRow = {
  readonly id: string
  readonly batch_id: string
  /** Unique: each copy has a holder key of its own. */
  readonly key_alias: string
  /** The certificate, sealed; empty once a one-time copy was shown. */
  readonly sealed: string
  readonly expires_at: number
  readonly used_at: number | null
  /** Platform copies: a keyed tag of the one audience or platform it is shown to. */
  readonly audience_tag: string | null
}

/** A batch with how many of its copies can still be shown. */
export type BatchSummary = BatchRow & { readonly copies: number; readonly remaining: number }

/** Certificates and their copies. Kept in SQLite, and in a browser in IndexedDB. */
export type WalletStore = {
  /** Alias of the holder key with this DID, if it is one of ours. */
  keyAlias(did: string): Promise<string | undefined>
  /**
   * Stores what was received together, all or nothing.
   *
   * @returns false, and nothing is stored, when one of the keys holds a copy already.
   */
  putBatch(batch: BatchRow, copies: readonly CopyRow[]): Promise<boolean>
  /** Batches that have not expired, newest first, with what remains of each. */
  batches(now: number): Promise<BatchSummary[]>
  /**
   * A copy of a batch that can still be shown: any of them, so that parallel calls rarely meet and
   * the order of use says nothing about the order of issue.
   */
  anyCopyOf(batch: string, now: number): Promise<CopyRow | undefined>
  /**
   * Uses a one-time copy up and writes the ledger, durably, in one step. Its certificate and its
   * key are erased: they can never be shown again.
   *
   * @returns false when somebody else used it first; of parallel calls exactly one gets true.
   */
  useOnce(copy: CopyRow, now: number, entry: WriteEntry): Promise<boolean>
  /**
   * Shows a platform copy to its audience, tying it to that audience if it is nobody's yet.
   *
   * @returns false when it is another audience's by now, or has expired.
   */
  useAt(copy: CopyRow, tag: string, now: number, entry: WriteEntry): Promise<boolean>
  /** Takes a copy out of use that cannot be shown any more, since its key is gone. */
  discard(copy: CopyRow, now: number): Promise<void>
  /** Erases what has expired: batches, copies and their keys (RFC 9901 §10.2). */
  forgetExpired(now: number): Promise<void>
}

/** The copies that are tied to one platform each. */
export type PlatformCopyStore = {
  /** Erases the copies that a newer one of the same platform replaces, keys included. */
  replaceCopies(tag: string, batch: string): Promise<void>
  /** Platform copies that are tied to somebody and have not expired. */
  tiedCopies(now: number): Promise<CopyRow[]>
}

/**
 * What a record is: a grant to renew by, a sign-in under way, a deferred issuance, a reference to
 * report by, what is held for a platform, a greedy request that may be reported, a request that got
 * nothing, whose turn it is to answer, a child the citizen is guardian of, a cancellation under way, an
 * erasure receipt, the citizen's own pause at an issuer, which copies a published list said are suspended.
 */
export type IssuanceKind =
  | 'grant'
  | 'sign-in'
  | 'deferred'
  | 'notification'
  | 'platform'
  | 'greedy-request'
  | 'refused-request'
  | 'turn'
  | 'ward'
  | 'cancelling'
  | 'erasure'
  | 'pause'
  | 'listed'

export type IssuanceRow = {
  readonly id: string
  readonly kind: IssuanceKind
  /** A notification's batch, or the one that holds a platform's copy. */
  readonly batch_id: string | null
  /** When something is to be done about it. */
  readonly due_at: number | null
  readonly expires_at: number | null
  /** Until then one caller works with it and no other. */
  readonly leased_until: number | null
  /** Tokens and keys among it: sealed. */
  readonly sealed: string
}

/** What the wallet has under way with issuers. */
export type IssuanceStore = {
  /** Stores a record, over an older one of the same id. */
  put(row: IssuanceRow): Promise<void>
  /** Stores a record where there is none of this id yet; of parallel calls one is stored. */
  putFirst(row: IssuanceRow): Promise<void>
  get(kind: IssuanceKind, id: string): Promise<IssuanceRow | undefined>
  /** By `due_at`, those without one first, then by id. */
  list(kind: IssuanceKind): Promise<IssuanceRow[]>
  notificationsOf(batch: string): Promise<IssuanceRow[]>
  /**
   * Takes a record for one caller, so that no refresh token is ever used twice.
   *
   * @returns the record as it is now; `undefined` when another call, of this process or another, has
   *   it, or it is gone.
   */
  lease(id: string, now: number, until: number): Promise<IssuanceRow | undefined>
  /** Changes what a record holds, unless somebody else has changed it meanwhile. */
  reseal(id: string, change: { readonly from: string; readonly to: string }): Promise<void>
  /** Lets a record go, with the next time something is to be done about it. */
  release(id: string, dueAt: number | null): Promise<void>
  /** @returns false when it was gone already; of parallel calls exactly one gets true. */
  remove(id: string): Promise<boolean>
  forgetExpired(now: number): Promise<void>
  /** Erases a certificate: its copies and their keys. */
  forgetBatch(id: string): Promise<void>
  /** Takes a one-time copy out of use and keeps it; `undefined`: used. `again`: by the same caller. */
  reserveCopy(id: string, now: number, again: boolean): Promise<CopyRow | undefined>
  /** Those of these keys to which no copy is bound. */
  unusedKeys(aliases: readonly string[]): Promise<string[]>
  /** The wallet's own keys made before a time to which no copy is bound, those of grants among them. */
  idleKeys(before: number): Promise<string[]>
  /** The greatest number seen of something that only ever rises; 0 before the first. */
  floor(name: string): Promise<number>
  /** Raises a floor; it never sinks. */
  raiseFloor(name: string, floor: number): Promise<void>
}

/** A sealed line of the ledger. */
export type LedgerRow = {
  /** 1, 2, 3, …: no number is missing. */
  readonly position: number
  readonly recorded_at: number
  /** A keyed tag of the platform it is about. */
  readonly platform_tag: string | null
  readonly sealed: string
}

/** Where a new line is to hang: its position, and the hash of the line before ('' for the first). */
export type ChainLink = { readonly position: number; readonly previous: string }

/** Makes the row for a place in the chain, and its hash. Called inside a transaction, maybe twice. */
export type WriteEntry = (link: ChainLink) => { readonly row: LedgerRow; readonly hash: string }

/** The ledger: sealed lines, each of which holds the hash of the one before. */
export type LedgerStore = {
  /** Hangs lines on the chain that go with nothing else. */
  append(entries: readonly WriteEntry[]): Promise<void>
  /** The whole chain, oldest first. */
  entries(): Promise<LedgerRow[]>
  /** Lines about one platform, oldest first. */
  entriesOf(platformTag: string, since?: number): Promise<LedgerRow[]>
  /** Lines since a time, oldest first. */
  entriesSince(since: number): Promise<LedgerRow[]>
  /** Where the chain ends. */
  head(): Promise<{ readonly position: number; readonly hash: string }>
}
