import { createHash } from 'node:crypto'

/** What can be on record. The names are stable: whoever evaluates a log compares them. */
export type AuditEventName =
  | 'issuer_initialised'
  | 'status_set'
  | 'person_cancelled'
  | 'published'
  | 'key_made'
  | 'key_activated'
  | 'key_revoked'
  | 'key_rotated'
  | 'audit_exported'
  | 'operator_created'
  | 'operator_revoked'
  | 'officer_created'
  | 'officer_revoked'
  | 'number_search_begun'
  | 'number_reidentified'
  | 'citizens_imported'
  | 'certificates_minted'
  | 'offer_made'
  | 'presence_recorded'
  | 'signing_resumed'
  | 'platform_registered'
  | 'platform_accredited'
  | 'accreditation_revoked'
  | 'platform_removed'
  | 'certificate_suspended'
  | 'certificate_reinstated'
  | 'certificate_revoked'
  | 'suspension_ended'
  | 'revocation_code_made'
  | 'revocation_code_used'
  | 'contact_asked'
  | 'contact_agreed'
  | 'contact_removed'
  | 'facts_corrected'
  | 'came_of_age'
  | 'custody_changed'
  | 'handover_offered'
  | 'retention_enforced'
  | 'application_submitted'
  | 'application_code_sent'
  | 'application_evidence'
  | 'application_approved'
  | 'application_refused'
  | 'application_offered'
  | 'application_issued'
  | 'application_withdrawn'
  | 'documents_imported'
  | 'pack_begun'
  | 'pack_built'
  | 'backed_up'
  | 'restored'

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

/**
 * Reads a line of a mirror. Whether it is what was written is for the chain to say.
 *
 * @returns `undefined` for a line of another form.
 */
export function parseEntry(line: string): AuditEntry | undefined {
  let value: Record<string, unknown>
  try {
    value = Object(JSON.parse(line))
  } catch {
    return undefined
  }
  const { sequence, previous, hash, at, event, actor, subject, details, signature } = value
  const places = [sequence, at].every((number) => Number.isSafeInteger(number))
  const texts = [previous, hash, event, actor, details].every((text) => typeof text === 'string')
  const options = [subject, signature].every((text) => text === null || typeof text === 'string')
  if (!places || !texts || !options || Object.keys(value).length !== 9) return undefined
  const statement = { at, event, actor, subject, details, signature }
  return { sequence, ...statement, previous, hash } as AuditEntry
}
