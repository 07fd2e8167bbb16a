import type { Database } from '@netcert/agent'
import type { Transaction } from 'kysely'
import type { IssuerSchema } from '../issuer-schema-store.js'
import { createReference } from '../reference.js'

type Inside = Transaction<IssuerSchema>

/** To whom certificates go at a birthday: the person at 14, a guardian at 14, the person at 18. */
const HANDOVER_KINDS = ['own', 'guardianship', 'grown'] as const
export type HandoverKind = (typeof HANDOVER_KINDS)[number]

/** What is due. */
export type DueHandover = {
  readonly kind: HandoverKind
  /** Reference of the guardian it goes to; empty where it goes to the person. */
  readonly guardian: string
}

/** A handover with the person's reference in the authentic source. */
export type ListedHandover = IssuerSchema['handovers'] & { readonly citizen: string }

/** All SQL about certificates that change hands. */
export type HandoverStore = {
  /** What is due from now on; what was due before and is not among it is no longer. */
  replace(trx: Inside, person: string, due: readonly DueHandover[], at: number): Promise<void>
  /** A change of custody: to these guardians and to no others. */
  setGuardians(trx: Inside, person: string, guardians: readonly string[], at: number): Promise<void>
  /** Not offered yet, or all; in the order of their references. */
  list(options: { readonly all: boolean }): Promise<readonly ListedHandover[]>
  /** `true` for exactly one caller as long as it was not offered. */
  setOffered(trx: Inside, id: string, at: number): Promise<boolean>
}

/** The table `handovers` behind {@link HandoverStore}. */
export function createHandoverStore({ kysely }: Database<IssuerSchema>): HandoverStore {
  return {
    async replace(trx, person, due, at) {
      await trx.deleteFrom('handovers').where('person', '=', person).execute()
      await putDue(trx, person, due, at)
    },
    setGuardians,
    list: ({ all }) =>
      kysely
        .selectFrom('handovers')
        .innerJoin('persons', 'persons.id', 'handovers.person')
        .selectAll('handovers')
        .select('persons.citizen')
        .$if(!all, (query) => query.where('offered_at', 'is', null))
        .orderBy('handovers.id')
        .execute(),
    async setOffered(trx, id, at) {
      const result = await trx
        .updateTable('handovers')
        .set({ offered_at: at })
        .where('id', '=', id)
        .where('offered_at', 'is', null)
        .executeTakeFirst()
      return Number(result.numUpdatedRows) === 1
    },
  }
}

async function setGuardians(
  trx: Inside,
  person: string,
  guardians: readonly string[],
  at: number,
): Promise<void> {
  const own = trx
    .selectFrom('handovers')
    .select('id')
    .where('person', '=', person)
    .where('kind', '=', 'own')
  // Before the 14th birthday there is nothing to consent to, after the 18th nobody who could.
  if ((await own.executeTakeFirst()) === undefined) return
  await trx
    .deleteFrom('handovers')
    .where('person', '=', person)
    .where('kind', '=', 'guardianship')
    .where('guardian', 'not in', [...guardians, ''])
    .execute()
  const due = guardians.map((guardian) => ({ kind: 'guardianship' as const, guardian }))
  await putDue(trx, person, due, at)
}

async function putDue(
  trx: Inside,
  person: string,
  due: readonly DueHandover[],
  at: number,
): Promise<void> {
  for (const { kind, guardian } of due) {
    await trx
      .insertInto('handovers')
      .values({
        id: createReference('h'),
        person,
        kind,
        guardian,
        due_at: monthOf(at),
        offered_at: null,
      })
      .onConflict((conflict) => conflict.columns(['person', 'kind', 'guardian']).doNothing())
      .execute()
  }
}

/** The day would be a birthday. */
function monthOf(at: number): number {
  const instant = new Date(at * 1000)
  return Date.UTC(instant.getUTCFullYear(), instant.getUTCMonth()) / 1000
}
