import type { Vault } from '@netcert/agent'
import type { Transaction } from 'kysely'
import type { CoolDowns } from '../cool-down.js'
import { applyStatus } from '../ending/apply-status-store.js'
import { erasePerson } from '../erasure/erase-person-store.js'
import type { IssuerSchema } from '../issuer-schema-store.js'
import { erasureTerms } from '../person-cancellation.js'
import { STATUSES } from '../status-change.js'
import type { JournalActs } from './restore-journal.js'
import { findPerson, withdrawKey } from './restore-store.js'

type Inside = Transaction<IssuerSchema>

/** Does again, in a restored database, what the audit log says was done since. */
export function restoreActs(parts: {
  readonly coolDowns: CoolDowns
  readonly vault: Vault
}): JournalActs {
  return {
    async setStatus(trx, subject, change) {
      await applyStatus(trx, subject, change)
    },
    async erase(trx: Inside, person: string, at: number) {
      const stored = await findPerson(trx, person)
      if (stored === undefined) return
      await erasePerson(trx, stored, erasureTerms(parts, at)(stored))
    },
    revokeKey: withdrawKey,
    async pause(trx, person, at) {
      const change = { status: STATUSES.suspended, reason: 'facts_disputed', at }
      if ((await applyStatus(trx, person, change)) === undefined) return undefined
      return (await findPerson(trx, person))?.citizen
    },
  }
}
