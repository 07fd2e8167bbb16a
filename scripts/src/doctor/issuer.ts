import type { ProblemCode } from '@netcert/issuer'
import { type Finding, failed, problem, warning, well } from './finding.js'

/** What needs an eye on it but still works. */
const early: ReadonlySet<ProblemCode> = new Set([
  'key_expires_soon',
  'key_next_due',
  'key_rotation_due',
  'trust_list_expires_soon',
  'status_list_unpublished',
  'status_list_stale',
])

/** Whether the issuer opens, and what it finds wrong with its keys, lists, counters and clock. */
export async function checkIssuer(dir: string, clock: () => Date): Promise<Finding[]> {
  try {
    const { examineIssuer } = await import('@netcert/issuer')
    const problems = await examineIssuer({ dir, clock })
    if (problems.length === 0) return [well('Issuer', 'keys, databases, lists and clock are right')]
    return problems.map(({ code, what, cure }) =>
      (early.has(code) ? warning : problem)('Issuer', code, what, cure),
    )
  } catch (error) {
    return [failed('Issuer', error)]
  }
}
