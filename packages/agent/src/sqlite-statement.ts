import { type CompiledQuery, RawNode, SelectQueryNode } from 'kysely'
import type { SqliteStatement } from './sqlite-handle.js'

/** Words a statement must not start with: they would end or escape the shared transaction. */
const FORBIDDEN = /^\s*(begin|commit|end|rollback|savepoint|release|attach|detach|vacuum)\b/i
/** `insert or rollback` would undo the neighbours in a group, `or fail` keep half a write. */
const ROLLBACK_ACTION = /^\s*(insert|update)\s+or\s+(rollback|fail)\b/i
const READING = /^\s*(select|values|explain)\b/i
const READING_PERHAPS = /^\s*(with|pragma)\b/i
const RETURNING = /\breturning\b/i

/** A statement, and whether a handle that only reads can run it. */
export type RoutedStatement = SqliteStatement & { readonly reads: boolean }

/**
 * Decides where a compiled query runs and what it hands back.
 *
 * @throws TypeError for SQL that would break the transaction it shares with others.
 */
export function routeStatement(query: CompiledQuery): RoutedStatement {
  const { sql, parameters } = query
  if (SelectQueryNode.is(query.query)) return { sql, parameters, returnsRows: true, reads: true }
  if (ROLLBACK_ACTION.test(sql)) {
    throw new TypeError('"or rollback" and "or fail" are not supported; use onConflict')
  }
  if (!RawNode.is(query.query)) {
    return { sql, parameters, returnsRows: RETURNING.test(sql), reads: false }
  }
  if (FORBIDDEN.test(sql)) {
    throw new TypeError('transactions are begun and ended with transaction(), not with SQL text')
  }
  const reads = READING.test(sql)
  const returnsRows = reads || READING_PERHAPS.test(sql) || RETURNING.test(sql)
  return { sql, parameters, returnsRows, reads }
}
