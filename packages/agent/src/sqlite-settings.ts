import { AgentError } from './errors.js'
import { SqliteHandle } from './sqlite-handle.js'

/** Milliseconds a reader, or anything during opening, waits for a lock. */
const BUSY_MILLISECONDS = 5_000

/**
 * Milliseconds SQLite itself waits when the writer asks for the lock. It is short because SQLite
 * looks again only every 100 ms, so that one busy process would starve another; the writer asks
 * again by itself, more often, up to `LOCK_WAIT_MILLISECONDS`.
 */
const WRITER_BUSY_MILLISECONDS = 10

/** Below it a second writing process could damage the file (WAL reset bug, fixed in 3.51.3). */
const OLDEST_SQLITE = [3, 51, 3] as const

type Settings = Readonly<Record<string, string | number>>

/** Every setting that durability, erasure or safety hang on, as it must read back. */
function settingsFor(role: 'writer' | 'reader'): Settings {
  return {
    busy_timeout: role === 'writer' ? WRITER_BUSY_MILLISECONDS : BUSY_MILLISECONDS,
    synchronous: 2, // FULL: with NORMAL a power cut loses acknowledged revocations
    foreign_keys: 1,
    secure_delete: 1,
    trusted_schema: 0,
    cell_size_check: 1,
    temp_store: 2, // sort and index work stays in memory, never in a temporary file
    query_only: role === 'writer' ? 0 : 1,
  }
}

/**
 * Opens a handle, applies the settings and reads them back.
 *
 * @throws AgentError `database_settings` when one does not hold.
 */
export async function openConfigured(
  file: string,
  role: 'writer' | 'reader',
): Promise<SqliteHandle> {
  const handle = await SqliteHandle.open(file)
  try {
    await handle.query(`PRAGMA busy_timeout = ${BUSY_MILLISECONDS}`)
    await handle.query('PRAGMA journal_mode = WAL')
    const settings = settingsFor(role)
    for (const [name, value] of Object.entries(settings)) {
      await handle.query(`PRAGMA ${name} = ${value}`)
    }
    await assertSettings(handle, { journal_mode: 'wal', ...settings })
    await assertVersion(handle)
    return handle
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** @throws AgentError `database_settings` naming the setting that reads back differently. */
export async function assertSettings(handle: SqliteHandle, settings: Settings): Promise<void> {
  for (const [name, expected] of Object.entries(settings)) {
    const [row] = await handle.query(`PRAGMA ${name}`)
    const actual = row === undefined ? undefined : Object.values(row)[0]
    if (actual !== expected) {
      throw new AgentError(
        'database_settings',
        `SQLite does not hold ${name} = ${expected}; keep the database on a local disk and use the bundled SQLite`,
      )
    }
  }
}

async function assertVersion(handle: SqliteHandle): Promise<void> {
  const [row] = await handle.query('SELECT sqlite_version() AS version')
  const parts = String(row?.version).split('.').map(Number)
  for (const [index, oldest] of OLDEST_SQLITE.entries()) {
    const part = parts[index] ?? 0
    if (part > oldest) return
    if (part < oldest) {
      throw new AgentError(
        'database_settings',
        `SQLite ${parts.join('.')} can damage a database that two processes write; install sqlite3 6 or newer`,
      )
    }
  }
}
