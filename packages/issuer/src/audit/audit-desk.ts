import type { Access } from './access.js'
import type { AuditCarrying } from './audit-carrying.js'
import type { AuditEntry } from './audit-entry.js'
import { type AuditFolder, readEntries, readHeads } from './audit-mirror.js'
import type { AuditStore } from './audit-store.js'
import type { AuditTrail } from './audit-trail.js'
import { type AuditVerification, verifyAudit } from './audit-verification.js'
import { isThere } from './journal-file.js'

export type ReadAuditOptions = {
  /** Entries from then on. */
  readonly since?: Date
}

/** What is on record at this issuer, and whether it is whole. */
export type AuditDesk = {
  /**
   * Holds database, mirror and signed heads against each other. Asks for no role: whoever may read
   * the files could do it without this program.
   *
   * @throws IssuerError `audit_unreadable`.
   */
  verify(): Promise<AuditVerification>
  /** Every entry from the oldest. @throws IssuerError `operator_needed`, `operator_role_missing` */
  entries(options: ReadAuditOptions): AsyncIterable<AuditEntry>
  /**
   * `entries` for taking away: that they were read is on record first, and among them.
   *
   * @throws as `entries`, and see `AuditTrail.record`.
   */
  export(options: ReadAuditOptions): Promise<AsyncIterable<AuditEntry>>
  /**
   * Carries to the mirror what it lacks; the whole log where its files are gone.
   *
   * @throws IssuerError `audit_unwritable`, `operator_needed`, `operator_role_missing`.
   */
  mirror(): Promise<{ readonly entries: number }>
}

export type AuditDeskParts = {
  readonly store: AuditStore
  readonly carrying: AuditCarrying
  readonly audit: AuditTrail
  readonly access: Access
  readonly folder: AuditFolder
  /** Name of the mirror. */
  readonly mirror: string
  /** did:key of the audit key, where there is one. */
  readonly key: () => Promise<string | undefined>
}

const PAGE = 500

/** The desk of the audit log. */
export function createAuditDesk(parts: AuditDeskParts): AuditDesk {
  const { store, carrying, audit, access } = parts
  return {
    verify: () => verifyIssuerAudit(parts),
    entries(options) {
      access.require('audit')
      return entriesSince(store, options)
    },
    async export(options) {
      access.require('audit')
      const event = { event: 'audit_exported' } as const
      await audit.record(() => Promise.resolve({ result: undefined, event }))
      return entriesSince(store, options)
    },
    async mirror() {
      access.require('audit')
      await carrying.writeAgain()
      await audit.signHead()
      return { entries: (await store.tail()).sequence }
    },
  }
}

/**
 * Verifies files alone, wherever they were kept: a mirror's `log.jsonl`, and its `heads.jsonl`.
 *
 * @throws IssuerError `audit_unreadable`.
 */
export function verifyAuditFiles(options: {
  readonly log: string
  readonly heads?: string
  /** did:key of the issuer's audit key; without it the one that the log names itself. */
  readonly key?: string
}): Promise<AuditVerification> {
  const { log, heads, key } = options
  return verifyAudit({
    mirror: readEntries(log),
    heads: heads === undefined ? {} : { mirror: readHeads(heads) },
    ...(key === undefined ? {} : { key }),
  })
}

/** Verifies an issuer's log where it lies. */
async function verifyIssuerAudit({ store, folder, mirror, key }: AuditDeskParts) {
  const did = await key()
  const [log, heads] = [await isThere(folder.log), await isThere(folder.heads)]
  // The end is read first: what is added meanwhile is no fault.
  const tail = await store.tail()
  return verifyAudit({
    database: { entries: pages((after) => store.page(after, PAGE)), tail },
    mirror: log ? readEntries(folder.log) : none(),
    mirrorGone: !log && (await store.mirrorBegun(mirror)),
    heads: {
      database: pages((after) => store.heads(after, PAGE)),
      mirror: heads ? readHeads(folder.heads) : [],
    },
    ...(did === undefined ? {} : { key: did }),
  })
}

async function* entriesSince(
  store: AuditStore,
  { since }: ReadAuditOptions,
): AsyncIterable<AuditEntry> {
  const from = since === undefined ? 0 : since.getTime() / 1000
  for await (const entry of pages((after) => store.page(after, PAGE))) {
    if (entry.at >= from) yield entry
  }
}

async function* pages<T extends { readonly sequence: number }>(
  page: (after: number) => Promise<readonly T[]>,
): AsyncIterable<T> {
  let after = 0
  for (;;) {
    const rows = await page(after)
    yield* rows
    const last = rows.at(-1)
    if (last === undefined) return
    after = last.sequence
  }
}

async function* none(): AsyncIterable<never> {}
