import { AgentError, type AgentErrorCode } from './errors.js'

type Row = readonly [AgentErrorCode, string]

const ROWS: Readonly<Record<string, Row>> = {
  '23505': ['unique_violation', 'a row with this key exists'],
  '40001': ['database_conflict', 'the transaction met another one; run it again'],
  '40P01': ['database_conflict', 'the transaction met another one; run it again'],
  '25P02': [
    'transaction_aborted',
    'an earlier statement of this transaction failed, so nothing of it is kept; start it again',
  ],
  '25P03': [
    'transaction_expired',
    'the transaction stood idle too long and was undone; keep anything slow out of it',
  ],
  '55P03': ['database_locked', 'another transaction holds the row or table; try again'],
  '57014': ['database_timeout', 'the statement took too long and was stopped; look for a lock'],
  '53100': ['database_full', 'the disk of PostgreSQL is full; free space and try again'],
  '53300': ['database_unreachable', 'PostgreSQL has no free connection; raise max_connections'],
  '3D000': ['database_missing', 'this database does not exist on the server; create it'],
  '28P01': ['database_access', 'PostgreSQL refused the user or password'],
  '28000': ['database_access', 'PostgreSQL refused the user; check its pg_hba.conf'],
  '42501': ['database_access', 'the user of PostgreSQL lacks a right on a table; grant it'],
}

const CLASSES: Readonly<Record<string, Row>> = {
  '08': ['database_unreachable', 'the connection to PostgreSQL broke; try again'],
  '23': ['constraint_violation', 'the row breaks a rule of its table'],
  '53': ['database_full', 'PostgreSQL has run out of memory or disk'],
  '57': ['database_unreachable', 'PostgreSQL is stopping or starting; try again'],
  '58': ['database_io', 'PostgreSQL could not read or write its files; look into its log'],
  XX: ['database_damaged', 'PostgreSQL reports an internal error; look into its log'],
}

/** Only in the class "syntax error or access rule" does the text name SQL and never values. */
const TEXT_IS_SAFE = '42'

/**
 * Turns an error of `pg` into ours. The original is dropped: `detail` quotes the row, and some
 * messages the value.
 */
export function postgresError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof AgentError) return error
  const state = sqlState(error)
  if (state === undefined) return connectionError(error)
  const row = ROWS[state] ?? CLASSES[state.slice(0, 2)]
  const table = 'table' in error && typeof error.table === 'string' ? `, table ${error.table}` : ''
  if (row !== undefined) return new AgentError(row[0], `${row[1]} (SQLSTATE ${state}${table})`)
  const text = state.startsWith(TEXT_IS_SAFE) ? `: ${error.message}` : ''
  return new AgentError(
    'database_refused',
    `PostgreSQL refused a statement (SQLSTATE ${state}${table})${text}`,
  )
}

function sqlState(error: Error): string | undefined {
  if (!('code' in error) || typeof error.code !== 'string') return undefined
  return /^[0-9A-Z]{5}$/.test(error.code) && 'severity' in error ? error.code : undefined
}

function connectionError(error: Error): unknown {
  if (error instanceof TypeError || error instanceof RangeError) return error
  const reason = 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : ''
  return new AgentError(
    'database_unreachable',
    `PostgreSQL cannot be reached${reason}; check that it runs and that the address is right`,
  )
}

/** Codes after which the connection must not go back into the pool. */
export function breaksConnection(error: unknown): boolean {
  if (!(error instanceof AgentError)) return false
  return ['database_unreachable', 'transaction_expired', 'database_io'].includes(error.code)
}
