import type { Access } from './audit/access.js'
import type { AuditTrail } from './audit/audit-trail.js'
import type { SignatureStore } from './signature-store.js'

/**
 * Takes the differences of signatures and plans as looked into, and lets signing go on.
 *
 * @throws IssuerError `operator_…`
 */
export async function resumeSigning({
  signatures,
  audit,
  access,
}: {
  readonly signatures: SignatureStore
  readonly audit: AuditTrail
  readonly access: Access
}): Promise<{ readonly accepted: number }> {
  access.require('keys')
  const { unplanned, exceeding } = await signatures.mismatch()
  const accepted = unplanned + exceeding
  const event = { event: 'signing_resumed', details: { accepted } } as const
  await signatures.resume(accepted, (trx) => audit.append(trx, event))
  await audit.settle()
  return { accepted }
}
