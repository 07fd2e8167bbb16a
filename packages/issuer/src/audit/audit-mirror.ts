import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { IssuerConfig } from '../config.js'
import { IssuerError } from '../issuer-error.js'
import { type AuditEntry, parseEntry } from './audit-entry.js'
import { type JournalFile, openJournalFile } from './journal-file.js'

/** Where the mirror of the audit log lies; perhaps on another disk than the database. */
export type AuditFolder = { readonly log: string; readonly heads: string }

/** What the audit log is outside of its database. */
export type AuditMirror = {
  /** Follows from its place; an issuer whose server and signer have folders of their own has two. */
  readonly name: string
  /** The last entry that stands in the mirror. */
  last(): Promise<AuditEntry | undefined>
  /** On the disk when it resolves, with what other processes added. @throws `audit_unwritable` */
  append(entries: readonly AuditEntry[]): Promise<void>
  /** The last signed head. */
  lastHead(): Promise<StoredHead | undefined>
  /** As `append`. */
  appendHeads(heads: readonly StoredHead[]): Promise<void>
}

/** A signed statement of where the log ended, as a line of `heads.jsonl`. */
export type StoredHead = { readonly sequence: number; readonly token: string }

/** Where the mirror of an issuer lies: `audit_dir` of its configuration. */
export function auditFolder(dir: string, { audit_dir }: Pick<IssuerConfig, 'audit_dir'>) {
  return folderAt(resolve(dir, audit_dir))
}

/** The files of a mirror. */
function folderAt(dir: string): AuditFolder {
  return { log: join(dir, 'log.jsonl'), heads: join(dir, 'heads.jsonl') }
}

/**
 * Opens the mirror in a folder; nothing is made before there is something to write.
 *
 * @param at - Where the folder will lie, if that is elsewhere.
 */
export function openAuditMirror(folder: AuditFolder, at: AuditFolder = folder): AuditMirror {
  const log = openJournalFile(folder.log)
  const heads = openJournalFile(folder.heads)
  return {
    name: createHash('sha256').update(at.log).digest('base64url').slice(0, 22),
    last: () => written(async () => lastOf(log, parseEntry)),
    append: (entries) => written(() => log.append(entries.map((entry) => JSON.stringify(entry)))),
    lastHead: () => written(async () => lastOf(heads, parseHead)),
    appendHeads: (added) => written(() => heads.append(added.map((head) => JSON.stringify(head)))),
  }
}

/** The mirror cannot be used. What was committed before stays committed. */
export function auditUnwritable(cause?: unknown): IssuerError {
  const text =
    'The audit log cannot be carried to its folder (audit_dir): what was done is in the database, and is not on record outside of it. Bring the disk or the mount back, make room, then run netcert audit mirror.'
  return new IssuerError('audit_unwritable', text, { cause })
}

/** @returns an IssuerError `audit_differs` */
export function auditDiffers(): IssuerError {
  const text =
    'The audit log in the database and its mirror do not agree: the database is older than its mirror, or one of both was changed. Nothing was done. Run netcert audit verify.'
  return new IssuerError('audit_differs', text)
}

/**
 * Entries of a mirror in their order: the journal from which a restored database learns what it does
 * not know. Lines that a crash tore or wrote twice are left out.
 *
 * @param dir - The folder, see `auditFolder`.
 * @throws IssuerError `audit_broken` where an entry is missing or is not what was written;
 *   `audit_unreadable`.
 */
export async function* readMirror(dir: string): AsyncIterable<AuditEntry> {
  let last = 0
  for await (const entry of readEntries(folderAt(dir).log)) {
    if (entry === null || entry.sequence <= last) continue
    if (entry.sequence !== last + 1) throw auditBroken(last + 1)
    last = entry.sequence
    yield entry
  }
}

/** Every whole line of a log file: its entry, or `null` for a line that is none. @throws `audit_unreadable` */
export function readEntries(file: string): AsyncIterable<AuditEntry | null> {
  return readLines(file, parseEntry)
}

/** Every whole line of a file of heads. @throws `audit_unreadable` */
export function readHeads(file: string): AsyncIterable<StoredHead | null> {
  return readLines(file, parseHead)
}

async function* readLines<T>(file: string, parse: (line: string) => T | undefined) {
  const input = createReadStream(file, 'utf8')
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      // Every line is an object; what a crash left of one has no end.
      if (line.endsWith('}')) yield parse(line) ?? null
    }
  } catch (cause) {
    const text = `${file} cannot be read; name the files of the mirror, or bring its disk back.`
    throw new IssuerError('audit_unreadable', text, { cause })
  } finally {
    input.destroy()
  }
}

/** @returns an IssuerError `audit_broken` */
export function auditBroken(sequence: number): IssuerError {
  const text = `The audit log is broken at entry ${sequence}; netcert audit verify says how.`
  return new IssuerError('audit_broken', text)
}

async function lastOf<T>(journal: JournalFile, parse: (line: string) => T | undefined) {
  const line = await journal.last((one) => parse(one) !== undefined)
  return line === undefined ? undefined : parse(line)
}

function parseHead(line: string): StoredHead | undefined {
  try {
    const { sequence, token } = JSON.parse(line)
    return Number.isSafeInteger(sequence) && typeof token === 'string'
      ? { sequence, token }
      : undefined
  } catch {
    return undefined
  }
}

async function written<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw auditUnwritable(cause)
  }
}
