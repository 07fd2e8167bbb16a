import { readDetails, type EntryFault } from './audit-chain.js'
import type { AuditEntry } from './audit-entry.js'
import { type AuditHead, readHead } from './audit-head.js'
import type { StoredHead } from './audit-mirror.js'
import type { AuditTail } from './audit-store.js'
import { type AuditWalk, createWalk, type WalkStep } from './audit-walk.js'

/** Where something is wrong: the table, the mirror's `log.jsonl`, or the signed heads. */
export type AuditPlace = 'database' | 'mirror' | 'heads'

/** The first entry that is not as it was written, and where. */
export type AuditFault = {
  readonly where: AuditPlace
  readonly sequence: number
  /** `differs`: database and mirror hold different entries, each good by itself. */
  readonly fault: EntryFault | 'differs'
}

export type AuditVerification = {
  /** Good entries, up to the first bad one. */
  readonly entries: number
  /** Signed heads that were held against them. */
  readonly heads: number
  /** Entries that the database has and the mirror not yet: the next command carries them. */
  readonly lag: number
  /** did:key that the heads have to be signed by; `null` where nothing names it. */
  readonly key: string | null
  readonly firstBad: AuditFault | null
}

/** What is compared. One of the two logs may be missing, not both. */
export type AuditSources = {
  readonly database?: { readonly entries: AsyncIterable<AuditEntry>; readonly tail: AuditTail }
  /** Lines as they stand in the file; `null` for one that is no entry. */
  readonly mirror?: AsyncIterable<AuditEntry | null>
  /** There was a mirror and there is none any more. */
  readonly mirrorGone?: boolean
  /** Of the table and of the file. */
  readonly heads: Partial<
    Record<'database' | 'mirror', AsyncIterable<StoredHead | null> | Iterable<StoredHead | null>>
  >
  /** did:key that heads have to be signed by; without it the one that the first entry names. */
  readonly key?: string
}

/**
 * Goes through an audit log from its first entry, in the database and in its mirror side by side,
 * and holds every signed head against it. Finds the first entry that was changed, removed, put in
 * another place or cut off, and operators' signatures that are none.
 */
export async function verifyAudit(sources: AuditSources): Promise<AuditVerification> {
  const table = sources.database && createWalk(sources.database.entries)
  const mirror = sources.mirror && createWalk(sources.mirror)
  const heads = await readAllHeads(sources.heads)
  let key = sources.key ?? null
  let fault: AuditFault | undefined
  for (let sequence = 1; fault === undefined; sequence += 1) {
    // The mirror first: what it has was committed, also while others are at work.
    const other = await mirror?.step()
    const one = await table?.step()
    const entry = entryOf(one) ?? entryOf(other)
    fault = faultOf('database', one) ?? faultOf('mirror', other) ?? differing(one, other)
    if (fault !== undefined || entry === undefined) break
    if (sequence === 1) key ??= keyNamed(entry)
    const head = heads.good.get(sequence)
    if (head !== undefined && head.hash !== entry.hash) {
      fault = { where: table === undefined ? 'mirror' : 'database', sequence, fault: 'head' }
    }
  }
  const all = [...(fault === undefined ? cutOff({ table, mirror, heads, sources }) : [fault])]
  all.push(...heads.bad, ...strangers(heads.good, key))
  const [inTable, inMirror] = [table?.end() ?? 0, mirror?.end() ?? 0]
  return {
    entries: Math.max(inTable, inMirror),
    heads: heads.good.size,
    lag: table === undefined || mirror === undefined ? 0 : Math.max(0, inTable - inMirror),
    key,
    firstBad: all.reduce<AuditFault | null>(
      (first, one) => (first === null || one.sequence < first.sequence ? one : first),
      null,
    ),
  }
}

type Heads = {
  readonly good: ReadonlyMap<number, AuditHead>
  readonly bad: readonly AuditFault[]
  /** The last entry that a head beside the mirror speaks of. */
  readonly mirrored: number
}

async function readAllHeads({ database, mirror }: AuditSources['heads']): Promise<Heads> {
  const [table, file] = [await readOneSide(database ?? []), await readOneSide(mirror ?? [])]
  const bad = [...table.bad, ...file.bad]
  const last = Math.max(0, ...file.good.keys())
  for (const [sequence, { hash }] of table.good) {
    const other = file.good.get(sequence)
    if (other !== undefined && other.hash !== hash) bad.push(headFault(sequence, 'differs'))
    if (other === undefined && sequence < last) bad.push(headFault(sequence, 'removed'))
  }
  return { good: new Map([...table.good, ...file.good]), bad, mirrored: last }
}

async function readOneSide(
  heads: AsyncIterable<StoredHead | null> | Iterable<StoredHead | null>,
): Promise<{ good: Map<number, AuditHead>; bad: AuditFault[] }> {
  const good = new Map<number, AuditHead>()
  const bad: AuditFault[] = []
  let last = 0
  for await (const stored of heads) {
    const head = stored === null ? undefined : await readHead(stored.token)
    if (head === undefined || head.sequence !== stored?.sequence) {
      bad.push(headFault(stored?.sequence ?? last + 1, 'changed'))
      continue
    }
    good.set(head.sequence, head)
    last = head.sequence
  }
  return { good, bad }
}

/** Heads by another key than the log's own. */
function strangers(heads: Heads['good'], key: string | null): AuditFault[] {
  if (key === null) return []
  return [...heads.values()]
    .filter(({ iss }) => iss !== key)
    .map(({ sequence }) => headFault(sequence, 'signature'))
}

type Ends = {
  readonly table: AuditWalk | undefined
  readonly mirror: AuditWalk | undefined
  readonly heads: Heads
  readonly sources: Pick<AuditSources, 'database' | 'mirrorGone'>
}

/** Both logs went to their end without a fault: what says that there was more? */
function cutOff({ table, mirror, heads, sources }: Ends): AuditFault[] {
  const faults: AuditFault[] = []
  const signed = Math.max(0, ...heads.good.keys())
  const [inTable, inMirror] = [table?.end(), mirror?.end()]
  if (
    inTable !== undefined &&
    Math.max(sources.database?.tail.sequence ?? 0, inMirror ?? 0, signed) > inTable
  ) {
    faults.push({ where: 'database', sequence: inTable + 1, fault: 'cut' })
  }
  // Every log begins with what set the issuer up: a file without any entry is no whole log.
  if (inTable === undefined && inMirror === 0) {
    faults.push({ where: 'mirror', sequence: 1, fault: 'cut' })
  }
  // A head lies beside the mirror when it has the entry; without that a shorter one only lags.
  const gone = sources.mirrorGone === true
  if (inMirror !== undefined && (gone || heads.mirrored > inMirror)) {
    faults.push({ where: 'mirror', sequence: inMirror + 1, fault: 'cut' })
  }
  return faults
}

function headFault(sequence: number, fault: AuditFault['fault']): AuditFault {
  return { where: 'heads', sequence, fault }
}

function entryOf(step: WalkStep): AuditEntry | undefined {
  return step !== undefined && 'entry' in step ? step.entry : undefined
}

function faultOf(where: AuditPlace, step: WalkStep): AuditFault | undefined {
  if (step === undefined || 'entry' in step) return undefined
  return { where, sequence: step.sequence, fault: step.fault }
}

function differing(one: WalkStep, other: WalkStep): AuditFault | undefined {
  const [here, there] = [entryOf(one), entryOf(other)]
  if (here === undefined || there === undefined || here.hash === there.hash) return undefined
  return { where: 'mirror', sequence: here.sequence, fault: 'differs' }
}

function keyNamed(first: AuditEntry): string | null {
  const { audit_key: key } = readDetails(first)
  return typeof key === 'string' ? key : null
}
