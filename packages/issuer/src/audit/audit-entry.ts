import { createHash } from 'node:crypto'

/** What can be on record. The names are stable: whoever evaluates a log compares them. */
export type AuditEventName = 'issuer_initialised' | 'status_set' | 'person_cancelled' | 'published'

/** One thing that was done. Never free text, never anything about a person. */
export type AuditEvent = {
  readonly event: AuditEventName
  /** A random reference (`b_…`, `p_…`, `a_…`), an alias of a key; not a citizen's reference. */
  readonly subject?: string
  /** Codes, counts, times in seconds since 1970. */
  readonly details?: Readonly<Record<string, string | number | boolean | null>>
}

/** An entry as it was signed, before it has its place in the chain. */
export type AuditStatement = {
  readonly at: number
  readonly event: string
  readonly actor: string
  readonly subject: string | null
  readonly details: string
  readonly signature: string | null
}

/** An entry in its place. */
export type AuditEntry = AuditStatement & {
  readonly sequence: number
  readonly previous: string
  readonly hash: string
}

/** What an operator's signature is made over: the statement, member by member. */
export function statementBytes(statement: Omit<AuditStatement, 'signature'>): Uint8Array {
  const { at, event, actor, subject, details } = statement
  return new TextEncoder().encode(JSON.stringify([at, event, actor, subject, details]))
}

/** The hash that ties an entry to all before it: SHA-256 in base64url, over a JSON array. */
export function entryHash(entry: Omit<AuditEntry, 'hash'>): string {
  const { sequence, previous, at, event, actor, subject, details, signature } = entry
  const text = JSON.stringify([sequence, previous, at, event, actor, subject, details, signature])
  return createHash('sha256').update(text).digest('base64url')
}
