import { epochSeconds } from '@netcert/credential'
import type { Transaction } from 'kysely'
import type { IssuerSchema } from '../issuer-schema-store.js'
import type { Actor } from './access.js'
import { type AuditEvent, type AuditStatement, statementBytes } from './audit-entry.js'
import type { AuditStore } from './audit-store.js'

type Inside = Transaction<IssuerSchema>

/** Puts what is done on record, in the transaction that does it: without the entry it is not done. */
export type AuditTrail = {
  /**
   * Runs `work` in one transaction together with the entry it returns; with `null` nothing was done
   * and nothing is recorded. `work` may run again after a conflict and uses nothing but `trx`. When
   * it resolves, the entry is durable in the database and outside of it.
   */
  record<T>(
    work: (trx: Inside) => Promise<{ readonly result: T; readonly event: AuditEvent | null }>,
    by?: Actor,
  ): Promise<T>
  /** For code that has a transaction of its own: call it last in it, and `settle` after it. */
  append(trx: Inside, event: AuditEvent, by?: Actor): Promise<void>
  /** Carries what is committed to where it is kept outside the database. Before any answer. */
  settle(): Promise<void>
}

export type AuditTrailParts = {
  readonly store: AuditStore
  /** Who is at work when nothing else is said. */
  readonly actor: Actor
  readonly clock: () => Date
}

/** The audit trail of one process. */
export function createAuditTrail({ store, actor, clock }: AuditTrailParts): AuditTrail {
  const settle = (): Promise<void> => Promise.resolve()
  const append = async (trx: Inside, event: AuditEvent, by: Actor = actor): Promise<void> => {
    await store.append(trx, await statementOf(event, by, clock()))
  }
  return {
    append,
    settle,
    async record(work, by) {
      const result = await store.transaction(async (trx) => {
        const done = await work(trx)
        if (done.event !== null) await append(trx, done.event, by)
        return done.result
      })
      await settle()
      return result
    },
  }
}

async function statementOf(event: AuditEvent, actor: Actor, now: Date): Promise<AuditStatement> {
  const said = {
    at: epochSeconds(now),
    event: event.event,
    actor: actor.kind === 'operator' ? actor.id : actor.kind,
    subject: event.subject ?? null,
    details: JSON.stringify(event.details ?? {}),
  }
  if (actor.kind !== 'operator') return { ...said, signature: null }
  const signature = await actor.signer.sign(statementBytes(said))
  return { ...said, signature: Buffer.from(signature).toString('base64url') }
}
