import type { Database } from '@netcert/agent'
import type { Kysely } from 'kysely'
import type { IssuerSchema } from '../issuer-schema-store.js'
import type { SourceSchema } from '../source-store.js'
import {
  appliedMigrations,
  type BackupPage,
  type BackupRow,
  openSnapshot,
  readPages,
  type Snapshot,
  tablesOf,
} from './backup-store.js'
import type { BackupLine } from './backup-stream.js'

/** The databases of an issuer, as a backup names them. */
export const BACKUP_DATABASES = ['issuer', 'source'] as const
export type BackupDatabase = (typeof BACKUP_DATABASES)[number]
export type BackupDatabases = Readonly<
  Record<BackupDatabase, Pick<Database<unknown>, 'engine' | 'kysely'>>
>

/** The databases of an opened issuer. */
export function databasesOf(ground: {
  readonly database: Database<IssuerSchema>
  readonly sourceDatabase: Database<SourceSchema>
}): BackupDatabases {
  const { database, sourceDatabase } = ground
  // A backup knows no schema: it takes what is there.
  return {
    issuer: { engine: database.engine, kysely: database.kysely as Kysely<unknown> },
    source: { engine: sourceDatabase.engine, kysely: sourceDatabase.kysely as Kysely<unknown> },
  }
}

/** What a backup says of itself in its first line. */
export type BackupHeader = {
  readonly netcert_backup: 1
  /** Of the data folder: a backup goes back to no other. */
  readonly environment: string
  /** Seconds since 1970. */
  readonly created_at: number
  /** Steps of each schema. */
  readonly migrations: Readonly<Record<BackupDatabase, readonly string[]>>
}

/** A piece of a table of one of the databases. */
export type BackupPiece = BackupPage & { readonly database: BackupDatabase }

/** The wrapped key of one enrolled person: without it their record is noise. */
export type PersonKey = { readonly person: string; readonly wrapped_key: string }

/** Rows by `<database>.<table>`. */
export type BackupCounts = Readonly<Record<string, number>>

/** What stands in place of a wrapped key that is kept apart. */
const KEPT_APART = ''

/**
 * The lines of a backup: a header, pieces of the tables of both databases, and the counts at the end.
 * Wrapped keys of enrolled people are handed to `onKey` and stand in no line: whoever erases a key
 * has erased that person in every backup.
 */
export async function* backupLines(options: {
  readonly databases: BackupDatabases
  readonly environment: string
  readonly now: number
  readonly onKey: (key: PersonKey) => void
}): AsyncGenerator<BackupLine> {
  const { databases, environment, now, onKey } = options
  const counts: Record<string, number> = {}
  const issuer = await openSnapshot(databases.issuer)
  const source = await openSnapshot(databases.source)
  try {
    const migrations = {
      issuer: await appliedMigrations(issuer.executor),
      source: await appliedMigrations(source.executor),
    }
    yield { netcert_backup: 1, environment, created_at: now, migrations } satisfies BackupHeader
    for await (const piece of pieces({ issuer, source })) {
      const place = `${piece.database}.${piece.table}`
      counts[place] = (counts[place] ?? 0) + piece.rows.length
      yield place === 'issuer.persons' ? withoutKeys(piece, onKey) : piece
    }
    yield { end: counts }
  } finally {
    await issuer.close()
    await source.close()
  }
}

async function* pieces(
  snapshots: Readonly<Record<BackupDatabase, Snapshot>>,
): AsyncGenerator<BackupPiece> {
  for (const database of BACKUP_DATABASES) {
    const { executor, engine } = snapshots[database]
    for await (const page of readPages(executor, await tablesOf(executor, engine))) {
      yield { database, ...page }
    }
  }
}

function withoutKeys(piece: BackupPiece, onKey: (key: PersonKey) => void): BackupPiece {
  const rows = piece.rows.map((row): BackupRow => {
    onKey({ person: String(row['id']), wrapped_key: String(row['wrapped_key']) })
    return { ...row, wrapped_key: KEPT_APART }
  })
  return { ...piece, rows }
}

/** A persons row with its key again; `undefined` for somebody whose key is gone: they are erased. */
export function withKey(row: BackupRow, keys: ReadonlyMap<string, string>): BackupRow | undefined {
  const wrapped = keys.get(String(row['id']))
  return wrapped === undefined ? undefined : { ...row, wrapped_key: wrapped }
}
