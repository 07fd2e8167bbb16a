import type { Database } from '@netcert/agent'
import { GUARDIANSHIP, WARD_CERTIFICATE } from '@netcert/credential'
import type { Kysely, Transaction } from 'kysely'
import type { StatusChange } from '../batch-store.js'
import type { IssuerSchema } from '../issuer-schema-store.js'
import type { StoredPerson } from '../person-store.js'

type Inside = Transaction<IssuerSchema>

/** How far a minor has come; it only goes forward. */
export type MinorStage = 'ward' | 'guarded' | 'grown'

/** Which of the copies that guardians hold about somebody end. */
export type HeldCopies = {
  readonly person: string
  /** Types; those of every type where nothing is said. */
  readonly types?: readonly string[]
  /** Copies of these guardians stay. */
  readonly except?: readonly string[]
}

/** Batches that ended: those on a list by name, the others by number. */
export type EndedCopies = { readonly revoked: readonly string[]; readonly withoutStatus: number }

/** Offers and put-off issuances to guardians of somebody. */
export type WaitingFor = {
  /** Reference in the authentic source. */
  readonly citizen: string
  readonly configurationIds?: readonly string[]
  readonly except?: readonly string[]
}

/** All SQL about minors and what guardians hold about them. */
export type MinorStore = {
  /** Takes note of minors about whom guardians hold certificates and who were not known yet. */
  discover(): Promise<void>
  /** Minors who have not come of full age, in the order of their references; those after `after`. */
  page(
    after: string,
    limit: number,
  ): Promise<readonly { readonly person: string; readonly stage: string }[]>
  /** `false` when the minor has come further already. */
  advance(trx: Inside, person: string, stages: { from: string; to: MinorStage }): Promise<boolean>
  /**
   * Replaces the sealed record, and holds its row: a plan on the strength of the one before is
   * refused from here on. `false` when it is another one by now.
   */
  replaceRecord(
    trx: Inside,
    before: Pick<StoredPerson, 'id' | 'sealed'>,
    record: { readonly wrappedKey: string; readonly sealed: string },
  ): Promise<boolean>
  /** Ends copies that have not expired; those without a status are not signed any more, either. */
  endCopies(trx: Inside, which: HeldCopies, change: StatusChange): Promise<EndedCopies>
  /** Takes back offers to guardians, and what was put off for them. */
  endWaiting(trx: Inside, which: WaitingFor): Promise<void>
}

const HELD_TYPES: readonly string[] = [WARD_CERTIFICATE, GUARDIANSHIP]
const REVOKED = 1

/** The table `minors`, and what others keep of them, behind {@link MinorStore}. */
export function createMinorStore({ kysely }: Database<IssuerSchema>): MinorStore {
  return {
    async discover() {
      await putMinors(kysely, WARD_CERTIFICATE, 'ward')
      await putMinors(kysely, GUARDIANSHIP, 'guarded')
    },
    page: (after, limit) =>
      kysely
        .selectFrom('minors')
        .selectAll()
        .where('person', '>', after)
        .where('stage', '<>', 'grown')
        .orderBy('person')
        .limit(limit)
        .execute(),
    async advance(trx, person, { from, to }) {
      const result = await trx
        .updateTable('minors')
        .set({ stage: to })
        .where('person', '=', person)
        .where('stage', '=', from)
        .executeTakeFirst()
      return Number(result.numUpdatedRows) === 1
    },
    async replaceRecord(trx, before, { wrappedKey, sealed }) {
      const result = await trx
        .updateTable('persons')
        .set({ wrapped_key: wrappedKey, sealed })
        .where('id', '=', before.id)
        .where('sealed', '=', before.sealed)
        .executeTakeFirst()
      return Number(result.numUpdatedRows) === 1
    },
    endCopies,
    endWaiting,
  }
}

async function putMinors(
  kysely: Kysely<IssuerSchema>,
  vct: string,
  stage: MinorStage,
): Promise<void> {
  const rows = await kysely
    .selectFrom('batches')
    .select('person')
    .distinct()
    .where('guardian', 'is not', null)
    .where('vct', '=', vct)
    .where('person', 'is not', null)
    .where('person', 'not in', (build) => build.selectFrom('minors').select('minors.person'))
    .execute()
  for (const { person } of rows) {
    if (person === null) continue
    await kysely
      .insertInto('minors')
      .values({ person, stage })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
}

async function endCopies(
  trx: Inside,
  { person, types = HELD_TYPES, except = [] }: HeldCopies,
  { reason, at }: StatusChange,
): Promise<EndedCopies> {
  const rows = await trx
    .selectFrom('batches')
    .select(['id', 'list', 'guardian'])
    .where('person', '=', person)
    .where('vct', 'in', types)
    .where('expires_at', '>', at)
    .where('status', '<>', REVOKED)
    .execute()
  const ended = rows.filter(({ guardian }) => guardian === null || !except.includes(guardian))
  for (const { id } of ended) {
    await trx
      .updateTable('batches')
      .set({ status: REVOKED, status_reason: reason, status_at: at, suspended_until: null })
      .where('id', '=', id)
      .execute()
  }
  const listed = ended.filter(({ list }) => list !== null)
  return {
    revoked: listed.map(({ id }) => id),
    withoutStatus: ended.length - listed.length,
  }
}

async function endWaiting(
  trx: Inside,
  { citizen, configurationIds, except = [] }: WaitingFor,
): Promise<void> {
  const ofGuardian = (guardian: string | null): boolean =>
    guardian !== null && !except.includes(guardian)
  const isEnded = (id: string): boolean => configurationIds?.includes(id) ?? true
  const offers = await trx
    .selectFrom('vci_offers')
    .select(['id', 'guardian', 'configuration_ids'])
    .where('citizen', '=', citizen)
    .execute()
  for (const { id, guardian, configuration_ids } of offers) {
    const ids = JSON.parse(configuration_ids) as readonly string[]
    if (!ofGuardian(guardian) || !ids.some(isEnded)) continue
    await trx.deleteFrom('vci_offers').where('id', '=', id).execute()
  }
  const deferred = await trx
    .selectFrom('vci_deferred')
    .select(['id_hash', 'guardian', 'configuration_id'])
    .where('citizen', '=', citizen)
    .execute()
  for (const { id_hash, guardian, configuration_id } of deferred) {
    if (!ofGuardian(guardian) || !isEnded(configuration_id)) continue
    await trx.deleteFrom('vci_deferred').where('id_hash', '=', id_hash).execute()
  }
}
