import type { Vault } from '@netcert/agent'
import { epochSeconds } from '@netcert/credential'
import type { Transaction } from 'kysely'
import { grantHolder } from './as-record-content.js'
import type { AuditTrail } from './audit/audit-trail.js'
import type { CoolDowns } from './cool-down.js'
import { STATUSES } from './status-change.js'
import { citizenUnknown } from './enrolment.js'
import type { ErasedPerson, ErasureTerms } from './erasure/erase-person-store.js'
import type { ErasureReceipts } from './erasure/erasure-receipts.js'
import type { IssuerSchema } from './issuer-schema-store.js'
import type { CancellationStore, CancelledBy } from './person-cancellation-store.js'
import { openPersonRecord } from './person-record.js'
import type { StoredPerson } from './person-store.js'

/** What became of a cancelled person. */
export type CancelReport = {
  /** Batches whose certificates are revoked with the next publication. */
  readonly revoked: number
  /** Batches whose copies carry no status: they end by their lifetime, within days. */
  readonly withoutStatus: number
  /**
   * Until when a keyed tag and the sealed salt are kept, so that enrolling again is no second
   * account at any platform; `null` where nothing is kept.
   */
  readonly coolDownUntil: Date | null
}

/** What a cancellation is answered with. */
export type Cancellation = {
  /** `null` when it was cancelled before, and this is the same receipt again. */
  readonly report: CancelReport | null
  /** For the citizen, signed. @see docs/formats/receipts.md */
  readonly receipt: string
  /** Whether the bytes are gone from the database files, too; a job sees to what is not. */
  readonly finished: boolean
}

export type CancelParts = {
  readonly store: CancellationStore
  readonly coolDowns: CoolDowns
  readonly receipts: ErasureReceipts
  readonly audit: AuditTrail
  readonly vault: Vault
  readonly clock: () => Date
}

export type CancelOptions = {
  readonly by: CancelledBy
  /** Whose word it is; what the audit log says where it is not the operator's. */
  readonly actor?: Parameters<AuditTrail['append']>[2]
  /** Committed with it. @throws what ends the transaction */
  readonly also?: (trx: Transaction<IssuerSchema>) => Promise<void>
}

/**
 * Ends everything the issuer has of an enrolled person, in one transaction: every unexpired batch is
 * revoked and all batches lose their person; the sealed record and all that hangs on it is deleted.
 * What stays is anonymous, but for the cool-down. The receipt is committed with it: whoever asks
 * again, after a crash or later, gets the same one.
 * The authentic source is another database and is not touched.
 *
 * @throws IssuerError `citizen_unknown` when nobody of that reference is enrolled, nor was lately.
 */
export async function cancelPerson(
  parts: CancelParts,
  options: CancelOptions,
): Promise<Cancellation> {
  const { store, receipts, audit, clock } = parts
  const { by, actor } = options
  const now = clock()
  const sign = await receipts.prepare(now)
  let receipt: string | undefined
  const erased = await store.cancel({
    by,
    terms: erasureTerms(parts, epochSeconds(now)),
    also: async (trx, person, done) => {
      await options.also?.(trx)
      receipt = await sign(trx, person, done)
      await audit.append(
        trx,
        { event: 'person_cancelled', subject: person.id, details: countsOf(done) },
        actor,
      )
    },
  })
  // What is on record before an answer leaves; after a crash, what the call before left to do.
  await audit.settle()
  const found = receipt ?? (await receipts.find(by, now))
  if (found === undefined) throw citizenUnknown()
  const finished = await receipts.finish()
  return { report: erased === undefined ? null : reportOf(erased), receipt: found, finished }
}

/** How a person is erased at a moment; for whoever has a transaction of their own. */
export function erasureTerms(
  { coolDowns, vault }: Pick<CancelParts, 'coolDowns' | 'vault'>,
  at: number,
): (person: StoredPerson) => ErasureTerms {
  return ({ citizen }) => ({
    change: { status: STATUSES.revoked, reason: 'citizen_asked', at },
    ...grantHolder(vault, citizen),
    coolDowns: (stored, tags) => {
      const { numberSalt } = openPersonRecord(vault, stored)
      // Without a salt no number was ever given: there is nothing to come back to.
      return numberSalt === null ? [] : coolDowns.rows(tags, numberSalt)
    },
  })
}

function reportOf({
  changed,
  unchanged,
  withoutStatus,
  coolDownUntil,
}: ErasedPerson): CancelReport {
  return {
    revoked: changed + unchanged,
    withoutStatus,
    coolDownUntil: coolDownUntil === null ? null : new Date(coolDownUntil * 1000),
  }
}

/** For the audit log: nothing of it says whose it was. */
function countsOf({ changed, unchanged, withoutStatus, erased, coolDownUntil }: ErasedPerson) {
  return {
    revoked: changed + unchanged,
    without_status: withoutStatus,
    rows: Object.values(erased).reduce((sum, count) => sum + count, 0),
    cool_down_until: coolDownUntil,
  }
}
