import { generateSigner } from '@netcert/credential'
import { type AuditEntry, entryHash } from '../packages/issuer/src/audit/audit-entry.js'
import { createHead } from '../packages/issuer/src/audit/audit-head.js'
import type { StoredHead } from '../packages/issuer/src/audit/audit-mirror.js'
import { CHAIN_BEGIN } from '../packages/issuer/src/audit/audit-schema-store.js'
import {
  type AuditVerification,
  verifyAudit,
} from '../packages/issuer/src/audit/audit-verification.js'

/** A whole log: entries, and a head for every hundredth. */
export type TestChain = {
  readonly entries: readonly AuditEntry[]
  readonly heads: readonly StoredHead[]
}

/** A chain of so many entries, all of them good. */
export async function testChain(length: number): Promise<TestChain> {
  const { signer } = await generateSigner('ES256')
  const entries: AuditEntry[] = []
  const heads: StoredHead[] = []
  let previous = CHAIN_BEGIN
  for (let sequence = 1; sequence <= length; sequence += 1) {
    const details = sequence === 1 ? { audit_key: signer.did } : { copies: sequence }
    const placed = {
      sequence,
      previous,
      at: 1_763_700_000 + sequence,
      event: sequence === 1 ? 'issuer_initialised' : 'certificates_minted',
      actor: 'local',
      subject: sequence === 1 ? null : `b_${sequence}`,
      details: JSON.stringify(details),
      signature: null,
    }
    const entry = { ...placed, hash: entryHash(placed) }
    entries.push(entry)
    previous = entry.hash
    if (sequence % 100 === 0) {
      heads.push({ sequence, token: await createHead(signer, entry, new Date(entry.at * 1000)) })
    }
  }
  return { entries, heads }
}

/** What `audit verify` says of a table whose tail still tells of all entries. */
export function verifyTable(
  { entries: all, heads }: TestChain,
  entries: readonly AuditEntry[],
): Promise<AuditVerification> {
  const { sequence, hash } = all.at(-1) ?? { sequence: 0, hash: CHAIN_BEGIN }
  return verifyAudit({
    database: { entries: each(entries), tail: { sequence, hash } },
    heads: { database: heads },
  })
}

/** What it says of a file, with the heads beside it. */
export function verifyFile(
  { heads }: TestChain,
  entries: readonly (AuditEntry | null)[],
): Promise<AuditVerification> {
  return verifyAudit({ mirror: each(entries), heads: { mirror: heads } })
}

async function* each<T>(values: readonly T[]): AsyncIterable<T> {
  yield* values
}

/** One member of an entry after another, changed. */
export const FLIPS: readonly ((entry: AuditEntry) => AuditEntry)[] = [
  (entry) => ({ ...entry, at: entry.at + 1 }),
  (entry) => ({ ...entry, event: 'offer_made' }),
  (entry) => ({ ...entry, actor: 'server' }),
  (entry) => ({ ...entry, subject: 'b_other' }),
  (entry) => ({ ...entry, details: '{}' }),
  (entry) => ({ ...entry, signature: 'c2ln' }),
  (entry) => ({ ...entry, previous: entry.hash }),
  (entry) => ({ ...entry, hash: entry.previous }),
]
