import { epochSeconds } from '@netcert/credential'
import type { Transaction } from 'kysely'
import type { IssuerSchema } from '../issuer-schema-store.js'
import type { Actor } from './access.js'
import type { AuditCarrying } from './audit-carrying.js'
import { type AuditEvent, type AuditStatement, statementBytes } from './audit-entry.js'
import type { AuditStore } from './audit-store.js'

type Inside = Transaction<IssuerSchema>

/** What is committed with a change: uses nothing but `trx`, and may run again after a conflict. */
export type AlsoRecorded = (trx: Inside) => Promise<void>

/** Where nothing goes with a change. */
export const nothingElse: AlsoRecorded = () => Promise.resolve()

/** Puts what is done on record, in the transaction that does it: without the entry it is not done. */
export type AuditTrail = {
  /**
   * Runs `work` in one transaction together with the entry it returns; with `null` nothing was done
   * and nothing is recorded. `work` may run again after a conflict and uses nothing but `trx`. When
   * it resolves, the entry is durable in the database and outside of it.
   *
   * @throws IssuerError `audit_differs`, and nothing is done; `audit_unwritable`, where it was done
   *   when the mirror could be read; `operator_revoked`.
   */
  record<T>(
    work: (trx: Inside) => Promise<{ readonly result: T; readonly event: AuditEvent | null }>,
    by?: Actor,
  ): Promise<T>
  /** For code that has a transaction of its own: call it last in it, and `settle` after it. */
  append(trx: Inside, event: AuditEvent, by?: Actor): Promise<void>
  /** Carries what is committed to where it is kept outside the database. Before any answer. */
  settle(): Promise<void>
  /** Signs where the log ends now, and keeps that beside the mirror. */
  signHead(): Promise<void>
  /** Signs a head when this process has put anything on record. */
  close(): Promise<void>
}

export type AuditTrailParts = {
  readonly store: AuditStore
  readonly carrying: AuditCarrying
  /** Who is at work when nothing else is said. */
  readonly actor: Actor
  /** Throws when an operator may not act any more. */
  readonly assertActive: (trx: Inside, operator: string) => Promise<void>
  readonly clock: () => Date
}

/** The audit trail of one process. */
export function createAuditTrail(parts: AuditTrailParts): AuditTrail {
  const { store, carrying, assertActive, clock } = parts
  let recorded = false
  const append = async (trx: Inside, event: AuditEvent, by: Actor = parts.actor): Promise<void> => {
    const entry = await store.append(trx, await statementOf(event, by, clock()))
    // Whoever is here holds the end of the log: nobody is revoked between this look and the entry.
    if (by.kind === 'operator') {
      for (const { id } of [by, ...(by.second === undefined ? [] : [by.second])]) {
        await assertActive(trx, id)
      }
    }
    await carrying.assertMirror(trx, entry)
    recorded = true
  }
  const { carry: settle, signHead } = carrying
  return {
    append,
    settle,
    signHead,
    async record(work, by) {
      const { result, event } = await store.transaction(async (trx) => {
        const done = await work(trx)
        if (done.event !== null) await append(trx, done.event, by)
        return done
      })
      if (event !== null) await settle()
      return result
    },
    async close() {
      if (recorded) await signHead()
    },
  }
}

function actorText(actor: Actor): string {
  if (actor.kind === 'operator') return actor.id
  return actor.kind === 'guardian' && actor.id !== null ? `guardian:${actor.id}` : actor.kind
}

async function statementOf(event: AuditEvent, actor: Actor, now: Date): Promise<AuditStatement> {
  const second = actor.kind === 'operator' ? actor.second : undefined
  const details = { ...event.details, ...(second === undefined ? {} : { second: second.id }) }
  const said = {
    at: epochSeconds(now),
    event: event.event,
    actor: actorText(actor),
    subject: event.subject ?? null,
    details: JSON.stringify(details),
  }
  if (actor.kind !== 'operator') return { ...said, signature: null }
  const signers = second === undefined ? [actor.signer] : [actor.signer, second.signer]
  const bytes = statementBytes(said)
  const signatures: string[] = []
  for (const signer of signers) {
    signatures.push(Buffer.from(await signer.sign(bytes)).toString('base64url'))
  }
  return { ...said, signature: signatures.join('.') }
}
