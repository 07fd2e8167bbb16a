import type { Transaction } from 'kysely'
import type { AuditTrail } from '../audit/audit-trail.js'
import type { IssuerSchema } from '../issuer-schema-store.js'

/**
 * Puts on record, inside the transaction that revoked them, each batch that is revoked: a restored
 * database is brought up to date by these entries.
 */
export async function recordRevoked(
  audit: Pick<AuditTrail, 'append'>,
  trx: Transaction<IssuerSchema>,
  batches: readonly string[],
  reason: string,
): Promise<void> {
  for (const subject of batches) {
    const details = { status: 'revoked', reason }
    await audit.append(trx, { event: 'status_set', subject, details })
  }
}
