import { readDetails } from '../audit/audit-chain.js'
import { entryHash } from '../audit/audit-entry.js'
import { auditBroken, readMirror } from '../audit/audit-mirror.js'
import { CHAIN_BEGIN } from '../audit/audit-schema-store.js'
import { IssuerError } from '../issuer-error.js'

/**
 * Whoever knows the recipient of backups can encrypt to it: a file that opens says nothing of who made
 * it. The audit log outside of the database names the digest of every backup.
 *
 * @param auditDir - The folder of the mirror.
 * @param digest - SHA-256 of the lines of the backup.
 * @throws IssuerError `backup_not_on_record`, `audit_broken`, `audit_unreadable`.
 */
export async function assertBackupOnRecord(auditDir: string, digest: string): Promise<void> {
  let previous = CHAIN_BEGIN
  for await (const entry of readMirror(auditDir)) {
    if (entry.previous !== previous || entryHash(entry) !== entry.hash) {
      throw auditBroken(entry.sequence)
    }
    if (entry.event === 'backed_up' && readDetails(entry)['digest'] === digest) return
    previous = entry.hash
  }
  throw new IssuerError(
    'backup_not_on_record',
    'The audit log knows of no such backup: this issuer did not make it, or the log is older than it; take another one, or the newest copy of the log.',
  )
}
