import type { Database } from '@netcert/agent'
import type { IssuerSchema } from './issuer-schema-store.js'

/** A batch of an enrolled person that has not ended. Times in seconds since 1970. */
export type PresentedBatch = {
  readonly id: string
  readonly person: string
  /** Reference in the authentic source. */
  readonly citizen: string
  readonly vct: string
  readonly list: number | null
  readonly firstSequence: number | null
  readonly copies: number
  readonly issuedAt: number
  readonly expiresAt: number
  readonly device: string | null
  /** Reference of the guardian who holds it; `null` for the person's own. */
  readonly guardian: string | null
  /** Neither it nor its device is revoked, suspended or ended. */
  readonly stands: boolean
}

/** SQL about certificates that come back to their issuer. */
export type PresentedStandingStore = {
  /** The person with that number, if anybody has it, and what of theirs has not ended at `at`. */
  find(
    numberTag: string,
    at: number,
  ): Promise<
    { readonly isSuspended: boolean; readonly batches: readonly PresentedBatch[] } | undefined
  >
}

/** The tables `persons` and `batches` behind {@link PresentedStandingStore}. */
export function createPresentedStandingStore({
  kysely,
}: Database<IssuerSchema>): PresentedStandingStore {
  return {
    async find(numberTag, at) {
      const person = await kysely
        .selectFrom('persons')
        .select(['id', 'citizen', 'suspended_at'])
        .where('number_tag', '=', numberTag)
        .executeTakeFirst()
      if (person === undefined) return undefined
      const rows = await kysely
        .selectFrom('batches')
        .leftJoin('devices', 'devices.id', 'batches.device')
        .selectAll('batches')
        .select(['devices.ended_at', 'devices.suspended_at'])
        .where('batches.person', '=', person.id)
        .where('batches.expires_at', '>', at)
        .execute()
      const batches = rows.map((row) => batchFrom(row, person))
      return { isSuspended: person.suspended_at !== null, batches }
    },
  }
}

/** Of the device, where there is one. */
type Ended = { readonly ended_at: number | null; readonly suspended_at: number | null }

function batchFrom(
  row: IssuerSchema['batches'] & Ended,
  person: { readonly id: string; readonly citizen: string },
): PresentedBatch {
  return {
    id: row.id,
    person: person.id,
    citizen: person.citizen,
    vct: row.vct,
    list: row.list,
    firstSequence: row.first_sequence,
    copies: row.copies,
    issuedAt: row.issued_at,
    expiresAt: row.expires_at,
    device: row.device,
    guardian: row.guardian,
    // Copies without a status end with the device they were fetched with.
    stands: row.status === 0 && row.ended_at === null && row.suspended_at === null,
  }
}
