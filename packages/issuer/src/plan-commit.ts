import type { AlsoCommitted, StoredBatch } from './batch-store.js'
import { IssuerError } from './issuer-error.js'
import type { MintingParts, PlannedBatch } from './minting.js'
import type { Stands } from './person-store.js'
import { createReference } from './reference.js'

/** What a batch is planned on the strength of, for somebody who is not the operator. */
export type PlanTerms = {
  /** Looked at with the enrolment and again with the plan: either can be the first after an end. */
  readonly stands: Stands
  readonly also: AlsoCommitted
}

/**
 * Commits a plan on a fresh place of the status list where its copies have a status.
 *
 * @throws IssuerError `citizen_suspended`; what the terms throw.
 */
export async function commitPlan(
  { batches, places }: Pick<MintingParts, 'batches' | 'places'>,
  plan: Omit<PlannedBatch, 'batch' | 'status'> & Pick<StoredBatch, 'device' | 'guardian'>,
  terms: PlanTerms | undefined,
): Promise<Pick<PlannedBatch, 'batch' | 'status'>> {
  const { policy, enrolled, copies, issuedAt, expiresAt, device, guardian } = plan
  if (policy.status && policy.copies !== 1) throw new TypeError('copies with a status are single')
  const place = policy.status ? await places.take() : undefined
  const batch = createReference('b')
  const row = {
    id: batch,
    person: enrolled.id,
    vct: policy.vct,
    kind: policy.kind,
    list: place?.list ?? null,
    first_sequence: place?.sequence ?? null,
    copies,
    issued_at: issuedAt.getTime() / 1000,
    expires_at: expiresAt.getTime() / 1000,
    device,
    guardian,
  }
  const planned =
    terms === undefined
      ? await batches.put(row)
      : await batches.putWith(row, async (trx, id) => {
          await terms.stands(trx)
          await terms.also(trx, id)
        })
  if (!planned) {
    throw new IssuerError(
      'citizen_suspended',
      'The citizen has paused their certificates; set the status to valid first.',
    )
  }
  return { batch, status: place === undefined ? null : places.reference(place) }
}

/** Terms that hold only as long as a link stands, too. */
export function underBoth(stands: Stands, terms: PlanTerms | undefined): PlanTerms {
  return {
    async stands(trx) {
      await stands(trx)
      await terms?.stands(trx)
    },
    also: async (trx, batch) => terms?.also(trx, batch),
  }
}
