import { AgentError, type Database, type Migration, openDatabase } from '@netcert/agent'
import type { Transaction } from 'kysely'
import { IssuerError } from '../issuer-error.js'
import {
  BACKUP_DATABASES,
  type BackupDatabase,
  type BackupHeader,
  type BackupPiece,
  withKey,
} from './backup-content.js'
import type { BackupReader } from './backup-reading.js'
import {
  clearTables,
  continueCounting,
  factsOf,
  markUnfinished,
  tablesOf,
  UNFINISHED_FACT,
  writePage,
} from './backup-store.js'

/** Where a database of the data folder is made anew. */
export type RestorePlace = {
  readonly location: Parameters<typeof openDatabase>[0]['location']
  /** All steps of its schema that this program knows. */
  readonly migrations: readonly Migration[]
}

export type RestorePlaces = Readonly<Record<BackupDatabase, RestorePlace>>

/** Rows on their way into new databases: written whole with `commit`, or not at all. */
export type RowWriting = BackupReader & {
  commit(): Promise<void>
  /** After a failure. */
  undo(): Promise<void>
}

type Opened = {
  readonly database: Database<unknown>
  readonly trx: Transaction<unknown> & Controlled
}
type Controlled = {
  commit(): { execute(): Promise<void> }
  rollback(): { execute(): Promise<void> }
}

/**
 * Writes the rows of a backup into new databases, each in one transaction, on the schema they were
 * read from. A database that is there stays as it is. The issuer's is marked as unfinished: nobody
 * opens it before what a restored database needs is done.
 *
 * @throws IssuerError `restore_other_issuer`, `restore_not_empty`, `restore_schema_newer`.
 */
export function createRowWriting(options: {
  readonly places: RestorePlaces
  readonly environment: string
  /** Wrapped keys of enrolled people. */
  readonly keys: ReadonlyMap<string, string>
}): RowWriting {
  const { places, environment, keys } = options
  const opened = new Map<BackupDatabase, Opened>()
  let unfinished = false
  const closeAll = async (end: (trx: Controlled) => ReturnType<Controlled['commit']>) => {
    for (const { trx, database } of opened.values()) {
      await end(trx).execute()
      await database.close()
    }
    opened.clear()
  }
  return {
    async onHeader(header) {
      if (header.environment !== environment) throw otherIssuer()
      for (const name of BACKUP_DATABASES) {
        const standing = await standingOf(places[name], name, environment)
        if (standing === 'unfinished') unfinished = true
        if (standing === 'none') opened.set(name, await openEmpty(places[name], header, name))
      }
      if (opened.size === 0 && !unfinished) throw notEmpty()
    },
    async onPiece(piece) {
      const open = opened.get(piece.database)
      if (open === undefined) return
      const rows = rowsToWrite(piece, keys)
      await writePage(open.trx, open.database.engine, { ...piece, rows })
    },
    async commit() {
      await markIssuer(opened.get('issuer'))
      await closeAll((trx) => trx.commit())
    },
    undo: () => closeAll((trx) => trx.rollback()),
  }
}

/** It is good for nothing before what a restored database needs is done. */
async function markIssuer(issuer: Opened | undefined): Promise<void> {
  if (issuer === undefined) return
  await markUnfinished(issuer.trx)
  if (issuer.database.engine === 'postgres') await continueCounting(issuer.trx)
}

function rowsToWrite(piece: BackupPiece, keys: ReadonlyMap<string, string>) {
  if (piece.database !== 'issuer' || piece.table !== 'persons') return piece.rows
  return piece.rows.map((row) => withKey(row, keys)).filter((row) => row !== undefined)
}

async function openEmpty(
  { location, migrations }: RestorePlace,
  header: BackupHeader,
  name: BackupDatabase,
): Promise<Opened> {
  const steps = header.migrations[name]
  const known = migrations.filter((migration) => steps.includes(migration.name))
  if (known.length !== steps.length) throw schemaNewer()
  const database = await openDatabase<unknown>({ location, migrations: known, create: true })
  const trx = await database.kysely.startTransaction().execute()
  await clearTables(trx, await tablesOf(trx, database.engine))
  return { database, trx }
}

/** Rows that are there stay, also those of a restore that broke off. */
type Standing = 'none' | 'kept' | 'unfinished'

/** @throws IssuerError `restore_other_issuer` */
async function standingOf(
  { location, migrations }: RestorePlace,
  name: BackupDatabase,
  environment: string,
): Promise<Standing> {
  try {
    const database = await openDatabase<unknown>({ location, migrations, create: false })
    try {
      const facts = await factsOf(database.kysely, name)
      const found = facts.get('environment')
      if (found !== undefined && found !== environment) throw otherIssuer()
      if (found === undefined) return 'none'
      return facts.has(UNFINISHED_FACT) ? 'unfinished' : 'kept'
    } finally {
      await database.close()
    }
  } catch (error) {
    if (error instanceof AgentError && error.code === 'database_missing') return 'none'
    throw error
  }
}

function notEmpty(): IssuerError {
  return new IssuerError(
    'restore_not_empty',
    'Both databases are there, and they are left as they are; move away what is to be restored.',
  )
}

function otherIssuer(): IssuerError {
  const text =
    'The backup is of another issuer; name the data folder whose netcert.json it goes with.'
  return new IssuerError('restore_other_issuer', text)
}

function schemaNewer(): IssuerError {
  const text = 'The backup was made by a newer program; restore it with that one.'
  return new IssuerError('restore_schema_newer', text)
}
