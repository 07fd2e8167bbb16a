import type { Signer } from '@netcert/credential'
import { epochSeconds } from '@netcert/credential'
import type { Transaction } from 'kysely'
import type { IssuerSchema } from '../issuer-schema-store.js'
import type { AuditEntry } from './audit-entry.js'
import { createHead, ENTRIES_PER_HEAD } from './audit-head.js'
import { type AuditMirror, auditDiffers, auditUnwritable } from './audit-mirror.js'
import type { AuditStore } from './audit-store.js'

type Inside = Transaction<IssuerSchema>

/** Carries the audit log out of its database: entries to the mirror, heads to table and mirror. */
export type AuditCarrying = {
  /**
   * Inside the transaction that has just added `entry`: the mirror is there, and ends in the chain
   * before that entry. A database that is older than its mirror commits nothing.
   *
   * @throws IssuerError `audit_unwritable`, `audit_differs`.
   */
  assertMirror(trx: Inside, entry: AuditEntry): Promise<void>
  /** Carries what is committed; signs a head where one is due. @throws IssuerError `audit_unwritable` */
  carry(): Promise<void>
  /** Signs where the chain ends, unless that was done. @throws IssuerError `audit_unwritable` */
  signHead(): Promise<void>
  /** Writes a mirror that is gone once more, from the database. @throws as `carry` */
  writeAgain(): Promise<void>
}

export type AuditCarryingParts = {
  readonly store: AuditStore
  readonly mirror: AuditMirror
  readonly headSigner: () => Promise<Signer>
  readonly clock: () => Date
}

const PAGE = 500

/** Carries for one process; others may do so at the same time. */
export function createAuditCarrying(parts: AuditCarryingParts): AuditCarrying {
  const oneByOne = createQueue()
  /** How far this process knows everything to be on the disk. */
  let settled = 0
  const bringUp = async (anew: boolean): Promise<void> => {
    const { sequence } = await parts.store.tail()
    if (sequence === settled && !anew) return
    await carryEntries(parts, anew)
    settled = sequence
    if (sequence - (await parts.store.newestHead()) >= ENTRIES_PER_HEAD) await signEnd(parts)
  }
  return {
    assertMirror: (trx, entry) => assertMirror(parts, trx, entry),
    carry: () => oneByOne(() => bringUp(false)),
    // Only what lies in the mirror is signed: a shorter mirror was cut then.
    signHead: () =>
      oneByOne(async () => {
        await bringUp(false)
        await signEnd(parts)
      }),
    writeAgain: () => oneByOne(() => bringUp(true)),
  }
}

async function assertMirror(
  { store, mirror }: AuditCarryingParts,
  trx: Inside,
  entry: AuditEntry,
): Promise<void> {
  const last = await mirror.last()
  if (last === undefined) {
    if (await store.mirrorBegun(mirror.name, trx)) throw auditUnwritable()
    return
  }
  // Whoever is here holds the end of the chain: what the mirror has was committed before.
  const known = last.sequence < entry.sequence && (await store.hashOf(trx, last.sequence))
  if (known !== last.hash) throw auditDiffers()
}

async function carryEntries({ store, mirror }: AuditCarryingParts, anew: boolean): Promise<void> {
  const last = await mirror.last()
  const begun = await store.mirrorBegun(mirror.name)
  if (last === undefined && begun && !anew) throw auditUnwritable()
  let after = last?.sequence ?? 0
  for (;;) {
    const entries = await store.page(after, PAGE)
    // With nothing to add it still sees to it that what others added is on the disk.
    await mirror.append(entries)
    after = entries.at(-1)?.sequence ?? after
    if (entries.length < PAGE) break
  }
  if (!begun) await store.noteMirror(mirror.name)
}

async function signEnd({ store, mirror, headSigner, clock }: AuditCarryingParts): Promise<void> {
  const tail = await store.tail()
  const newest = await store.newestHead()
  if (tail.sequence > newest) {
    const now = clock()
    const token = await createHead(await headSigner(), tail, now)
    await store.putHead({ ...tail, issued_at: epochSeconds(now), token })
  }
  const last = (await mirror.lastHead())?.sequence ?? 0
  const heads = await store.heads(last, PAGE)
  if (heads.length === 0) return
  await mirror.appendHeads(heads.map(({ sequence, token }) => ({ sequence, token })))
}

/** Runs works one after the other; one that fails stops no other. */
function createQueue(): (work: () => Promise<void>) => Promise<void> {
  let end: Promise<void> = Promise.resolve()
  return (work) => {
    const turn = end.then(work)
    end = turn.catch(() => {})
    return turn
  }
}
