import type { Problem } from '../examination.js'
import type { AuditDesk } from './audit-desk.js'

const VERIFY =
  'Run netcert audit verify, keep both copies as they are, and find out who wrote to them.'

/** What is wrong with the audit log and its mirror; nothing is changed. */
export async function examineAudit(desk: Pick<AuditDesk, 'verify'>): Promise<readonly Problem[]> {
  const { firstBad, lag } = await desk.verify()
  if (firstBad !== null) {
    const { where, sequence, fault } = firstBad
    const what = `The audit log is not as it was written: entry ${sequence}, ${fault} (${where}).`
    return [{ code: 'audit_broken', what, cure: VERIFY }]
  }
  if (lag === 0) return []
  const what = `${lag} entries of the audit log are in the database alone.`
  const cure =
    'Bring the disk of audit_dir back, or make room on it, then run netcert audit mirror.'
  return [{ code: 'audit_mirror_lags', what, cure }]
}
