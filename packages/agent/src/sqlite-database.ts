import { resolve } from 'node:path'
import type { Dialect } from 'kysely'
import { AgentError } from './errors.js'
import { sqliteDialect } from './sqlite-dialect.js'
import { prepareDatabaseFile } from './sqlite-file.js'
import type { SqliteHandle } from './sqlite-handle.js'
import { untilUnlocked } from './sqlite-patience.js'
import { SqliteReaders } from './sqlite-readers.js'
import { openConfigured } from './sqlite-settings.js'
import { SqliteWriter } from './sqlite-writer.js'

export type SqliteOptions = {
  readonly file: string
  readonly create: boolean
  readonly readers: number
  readonly queueMilliseconds: number
  readonly idleMilliseconds: number
}

/** An open SQLite file: kysely's dialect on it, and the one act that kysely has no word for. */
export type SqliteDatabase = {
  readonly dialect: Dialect
  /** @throws AgentError `checkpoint_busy` while another process keeps reading old pages. */
  readonly checkpoint: () => Promise<void>
  /** @throws AgentError as `checkpoint`, `database_locked`. */
  readonly rewrite: () => Promise<void>
}

/**
 * Opens the file with one handle that writes and some that read, all settings asserted.
 *
 * @throws AgentError `database_missing`, `database_access`, `database_damaged`,
 *   `database_settings` or `database_locked`.
 */
export async function openSqlite(options: SqliteOptions): Promise<SqliteDatabase> {
  const file = resolve(options.file)
  await prepareDatabaseFile(file, options.create)
  const handles = await openHandles(file, Math.max(1, options.readers))
  const writer = new SqliteWriter({
    handle: handles.writer,
    queueMilliseconds: options.queueMilliseconds,
  })
  const readers = new SqliteReaders(handles.readers)
  return {
    dialect: sqliteDialect({ writer, readers, idleMilliseconds: options.idleMilliseconds }),
    checkpoint: () => writer.alone(truncateLog),
    rewrite: () => writer.alone(rewriteFile),
  }
}

async function openHandles(
  file: string,
  count: number,
): Promise<{ writer: SqliteHandle; readers: SqliteHandle[] }> {
  const opened: SqliteHandle[] = []
  try {
    // Switching to WAL needs the file alone for a moment; another process may do the same.
    const writer = await untilUnlocked(() => openConfigured(file, 'writer'))
    opened.push(writer)
    while (opened.length <= count) {
      opened.push(await untilUnlocked(() => openConfigured(file, 'reader')))
    }
    return { writer, readers: opened.slice(1) }
  } catch (error) {
    for (const handle of opened) await handle.close()
    throw error
  }
}

/** Erased rows leave the -wal file only when it is cut to nothing. */
async function truncateLog(handle: SqliteHandle): Promise<void> {
  await untilUnlocked(async () => {
    const [row] = await handle.query('PRAGMA wal_checkpoint(TRUNCATE)')
    if (row?.['busy'] !== 0) throw new AgentError('database_locked', 'the log is being read')
  }).catch((error: unknown) => {
    if (!(error instanceof AgentError) || error.code !== 'database_locked') throw error
    throw new AgentError(
      'checkpoint_busy',
      'another process reads the database, so old pages are still in its log; try again when it has ended',
    )
  })
}

/**
 * `secure_delete` clears what is deleted where it lies; a copy that stayed behind when a page was
 * split before is not deleted. A file that is built anew has none.
 */
async function rewriteFile(handle: SqliteHandle): Promise<void> {
  await untilUnlocked(() => handle.query('VACUUM'))
  await truncateLog(handle)
}
