import { AgentError, type AgentErrorCode } from './errors.js'

const UNIQUE = 'SQLITE_CONSTRAINT: UNIQUE constraint failed'

const ROWS: Readonly<Record<string, readonly [AgentErrorCode, string]>> = {
  SQLITE_CONSTRAINT: ['constraint_violation', 'the row breaks a rule of its table'],
  SQLITE_BUSY: [
    'database_locked',
    'another process holds the database; try again, or end the process that holds it',
  ],
  SQLITE_LOCKED: ['database_locked', 'another statement holds the table; try again'],
  SQLITE_FULL: ['database_full', 'the disk or the database is full; free space and try again'],
  SQLITE_IOERR: [
    'database_io',
    'reading or writing the database file failed; check the disk and the free space',
  ],
  SQLITE_CANTOPEN: [
    'database_access',
    'the database file cannot be opened; check that folder and file belong to this user',
  ],
  SQLITE_PERM: ['database_access', 'the database file cannot be opened; check its permissions'],
  SQLITE_READONLY: [
    'database_access',
    'the database cannot be written here; check its permissions',
  ],
  SQLITE_NOTADB: ['database_damaged', 'the file is not a database; restore it from a backup'],
  SQLITE_CORRUPT: ['database_damaged', 'the database is damaged; restore it from a backup'],
}

/** Turns an error of `sqlite3` into ours. Its texts name columns and SQL, never bound values. */
export function sqliteError(error: Error): Error {
  const code = sqliteCode(error)
  if (code === undefined) return error
  if (error.message.startsWith(UNIQUE)) {
    // The library hands out primary result codes only, so the text has to tell (one place).
    return new AgentError('unique_violation', `a row with this key exists (${error.message})`)
  }
  const row = ROWS[code]
  if (row === undefined) {
    return new AgentError('database_refused', `the database refused a statement: ${error.message}`)
  }
  return new AgentError(row[0], `${row[1]} (${error.message})`)
}

function sqliteCode(error: Error): string | undefined {
  if (!('code' in error)) return undefined
  const { code } = error
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : undefined
}

/** Codes after which the rest of an open transaction is still sound. */
const STATEMENT_ONLY: ReadonlySet<AgentErrorCode> = new Set([
  'unique_violation',
  'constraint_violation',
  'database_refused',
])

/** Whether only the statement failed; otherwise SQLite may have rolled the transaction back. */
export function failedAlone(error: unknown): boolean {
  if (error instanceof AgentError) return STATEMENT_ONLY.has(error.code)
  return error instanceof TypeError
}
