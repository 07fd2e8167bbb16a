import { isJsonObject, type JsonValue } from '@netcert/credential'
import { IssuerError } from '../issuer-error.js'
import {
  BACKUP_DATABASES,
  type BackupCounts,
  type BackupDatabase,
  type BackupHeader,
  type BackupPiece,
} from './backup-content.js'
import type { BackupRow } from './backup-store.js'
import { type BackupLine, type ReadBackup, readLines } from './backup-stream.js'

/** What a backup held, once it was read to its end. */
export type BackupSummary = {
  readonly environment: string
  readonly createdAt: Date
  readonly counts: BackupCounts
  /** SHA-256 of its lines. */
  readonly digest: string
}

/** Takes a backup as it is read. Nothing of it is to be believed before `readBackup` resolves. */
export type BackupReader = {
  readonly onHeader: (header: BackupHeader) => Promise<void>
  readonly onPiece: (piece: BackupPiece) => Promise<void>
}

/**
 * Reads a backup whole and compares what was read with the counts at its end.
 *
 * @throws IssuerError `backup_unreadable`, `backup_malformed`.
 */
export async function readBackup(
  options: { readonly file: string; readonly identities: readonly string[] },
  { onHeader, onPiece }: BackupReader,
): Promise<BackupSummary> {
  const read: ReadBackup = readLines(options.file, options.identities)
  const counts: Record<string, number> = {}
  let header: BackupHeader | undefined
  let end: BackupCounts | undefined
  for await (const line of read.lines) {
    if (end !== undefined) throw malformed()
    if (header === undefined) {
      header = headerOf(line)
      await onHeader(header)
    } else if ('end' in line) end = countsOf(line)
    else {
      const piece = pieceOf(line)
      const place = `${piece.database}.${piece.table}`
      counts[place] = (counts[place] ?? 0) + piece.rows.length
      await onPiece(piece)
    }
  }
  if (header === undefined || end === undefined || !sameCounts(counts, end)) throw malformed()
  const { environment, created_at } = header
  return { environment, createdAt: new Date(created_at * 1000), counts, digest: read.digest() }
}

function headerOf(line: BackupLine): BackupHeader {
  const { netcert_backup: version, environment, created_at, migrations } = line
  const named = isRecord(migrations) && BACKUP_DATABASES.every((name) => isNames(migrations[name]))
  if (
    version !== 1 ||
    typeof environment !== 'string' ||
    typeof created_at !== 'number' ||
    !named
  ) {
    throw malformed()
  }
  return line as BackupHeader
}

function pieceOf(line: BackupLine): BackupPiece {
  const { database, table, rows } = line
  const known = BACKUP_DATABASES.includes(database as BackupDatabase)
  if (!known || typeof table !== 'string' || !/^[a-z_]{1,63}$/.test(table)) throw malformed()
  if (!Array.isArray(rows) || !rows.every(isRow)) throw malformed()
  return { database: database as BackupDatabase, table, rows }
}

function isRow(row: unknown): row is BackupRow {
  return (
    isRecord(row) &&
    Object.entries(row).every(
      ([name, value]) =>
        /^[a-z_]{1,63}$/.test(name) &&
        (value === null || typeof value === 'string' || typeof value === 'number'),
    )
  )
}

function countsOf({ end }: BackupLine): BackupCounts {
  if (isRecord(end) && Object.values(end).every((count) => typeof count === 'number')) {
    return end as BackupCounts
  }
  throw malformed()
}

function sameCounts(one: BackupCounts, other: BackupCounts): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...names].every((name) => one[name] === other[name])
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string')
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return isJsonObject(value as JsonValue)
}

/** @returns an IssuerError `backup_malformed` */
export function malformed(): IssuerError {
  return new IssuerError(
    'backup_malformed',
    'The file opens, but what it holds is no whole backup of this program; take another one.',
  )
}
