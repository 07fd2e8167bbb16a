/**
 * What went wrong, one code per cause. Callers decide on the code and never read the message.
 */
export type AgentErrorCode =
  // database: finding and opening
  | 'database_missing'
  | 'database_unreachable'
  | 'database_access'
  | 'database_settings'
  | 'database_damaged'
  | 'database_closed'
  | 'schema_newer'
  // database: one statement or transaction
  | 'unique_violation'
  | 'constraint_violation'
  | 'database_locked'
  | 'database_conflict'
  | 'database_full'
  | 'database_io'
  | 'database_timeout'
  | 'database_refused'
  | 'checkpoint_busy'
  | 'transaction_aborted'
  | 'transaction_expired'
  // master key and sealed values
  | 'master_key_missing'
  | 'master_key_exists'
  | 'master_key_exposed'
  | 'master_key_malformed'
  | 'master_key_wrong'
  | 'sealed_malformed'
  | 'sealed_wrong'
  | 'sealed_version'
  // keys
  | 'alias_malformed'
  | 'key_exists'
  | 'key_unknown'
  | 'key_damaged'
  | 'key_type'
  // agent
  | 'did_malformed'
  | 'did_exists'
  | 'did_unknown'
  | 'debug_refused'

/**
 * Every failure of this package that is not a programming mistake (those are `TypeError`).
 *
 * The message says what failed and how to cure it. It never holds a bound value, key or token;
 * for the same reason the database drivers' own errors are not kept as `cause`, because they can.
 */
export class AgentError extends Error {
  readonly code: AgentErrorCode

  constructor(code: AgentErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'AgentError'
    this.code = code
  }
}

/** Whether a failed write met a row with the same key, on either database. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof AgentError && error.code === 'unique_violation'
}
