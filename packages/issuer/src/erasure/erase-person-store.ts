import type { ErasedClass } from '@netcert/protocol'
import type { Transaction } from 'kysely'
import type { GrantHolder } from '../as-record-content.js'
import type { StatusChange, StatusCounts } from '../batch-store.js'
import type { CoolDownRow } from '../cool-down.js'
import { deletedRows } from '../deleted-rows-store.js'
import { endGrants } from '../ending/grant-end-store.js'
import { setPersonStatus } from '../ending/status-change-store.js'
import type { IssuerSchema } from '../issuer-schema-store.js'
import { endWardGrants } from '../minors/ward-grant-store.js'
import type { StoredPerson } from '../person-store.js'

type Inside = Transaction<IssuerSchema>

/** How a person is erased: what the rows themselves do not say. */
export type ErasureTerms = GrantHolder & {
  readonly change: StatusChange
  /** What of the person outlives them for a while; acts on nothing. Tags as in `person_documents`. */
  readonly coolDowns: (person: StoredPerson, tags: readonly string[]) => readonly CoolDownRow[]
}

/** What became of a person. Times in seconds since 1970. */
export type ErasedPerson = StatusCounts & {
  readonly erased: Readonly<Record<ErasedClass, number>>
  /** Places on status lists that stay, expired ones among them. */
  readonly statusEntries: number
  /** When the last copy without a status ends; `null` where there is none. */
  readonly unlistedUntil: number | null
  readonly coolDowns: number
  readonly coolDownUntil: number | null
  /** Entries of the audit log that name the person's random reference. */
  readonly auditEntries: number
}

/**
 * Part of a transaction that holds the person's row: everything that hangs on them goes, and their
 * batches become anonymous places on status lists.
 */
export async function erasePerson(
  trx: Inside,
  person: StoredPerson,
  terms: ErasureTerms,
): Promise<ErasedPerson> {
  const { id, citizen } = person
  const counts = await setPersonStatus(trx, id, terms.change)
  const kept = await keptOf(trx, person, terms.change.at)
  const documents = await documentTags(trx, person)
  const grants = await endGrants(trx, terms)
  await trx.deleteFrom('ward_grants').where('guardian', '=', citizen).execute()
  const erased = {
    person: 1,
    documents: documents.length,
    applications: await eraseApplications(trx, citizen),
    ...grants,
    login_codes: await eraseBy(trx, 'as_login_codes', { citizen }),
    offers: await eraseHeld(trx, 'vci_offers', citizen),
    deferred_issuances: grants.deferred_issuances + (await eraseHeld(trx, 'vci_deferred', citizen)),
    notifications: grants.notifications + (await eraseNotifications(trx, id)),
    presence_checks: await eraseBy(trx, 'presence_checks', { person: id }),
    devices: await eraseBy(trx, 'devices', { citizen }),
    revocation_codes: await eraseBy(trx, 'revocation_codes', { citizen }),
    recovery_contacts: await eraseContacts(trx, person),
    guardianship: await eraseGuardianship(trx, person),
  }
  await forgetBatches(trx, person)
  const rows = terms.coolDowns(person, documents)
  for (const row of rows) await putCoolDown(trx, row)
  await trx.deleteFrom('person_documents').where('person', '=', id).execute()
  await trx.deleteFrom('persons').where('id', '=', id).execute()
  const coolDownUntil = rows.length === 0 ? null : Math.max(...rows.map(({ until }) => until))
  return { ...counts, ...kept, erased, coolDowns: rows.length, coolDownUntil }
}

type Remains = Pick<ErasedPerson, 'statusEntries' | 'unlistedUntil' | 'auditEntries'>

/** Looked at before the batches lose their person. */
async function keptOf(trx: Inside, { id }: StoredPerson, at: number): Promise<Remains> {
  const batches = await trx
    .selectFrom('batches')
    .select(['list', 'copies', 'expires_at'])
    .where('person', '=', id)
    .execute()
  const listed = batches.filter(({ list }) => list !== null)
  const unlisted = batches.filter(({ list, expires_at: end }) => list === null && end > at)
  const { entries } = await trx
    .selectFrom('audit_log')
    .select((build) => build.fn.countAll<number>().as('entries'))
    .where('subject', '=', id)
    .executeTakeFirstOrThrow()
  return {
    statusEntries: listed.reduce((sum, { copies }) => sum + copies, 0),
    unlistedUntil:
      unlisted.length === 0 ? null : Math.max(...unlisted.map(({ expires_at: end }) => end)),
    // And the one about this.
    auditEntries: Number(entries) + 1,
  }
}

/** Those of every document, and of the one from before there were several. */
async function documentTags(
  trx: Inside,
  { id, identity_tag: first }: StoredPerson,
): Promise<readonly string[]> {
  const rows = await trx
    .selectFrom('person_documents')
    .select('tag')
    .where('person', '=', id)
    .execute()
  return [...new Set([first, ...rows.map(({ tag }) => tag)])]
}

type Filtered = Partial<Record<'citizen' | 'person', string>>

/** Deletes the rows that name somebody so; tells how many there were. */
async function eraseBy(
  trx: Inside,
  table: 'as_login_codes' | 'presence_checks' | 'devices' | 'revocation_codes',
  by: Filtered,
): Promise<number> {
  return deletedRows(trx.deleteFrom(table).where((build) => build.and(by)))
}

/** What is for them, and what they were to fetch as a guardian. */
async function eraseHeld(
  trx: Inside,
  table: 'vci_offers' | 'vci_deferred',
  citizen: string,
): Promise<number> {
  return deletedRows(
    trx
      .deleteFrom(table)
      .where((build) =>
        build.or([build('citizen', '=', citizen), build('guardian', '=', citizen)]),
      ),
  )
}

/** Their own applications, and those they made for a ward that were not granted yet. */
async function eraseApplications(trx: Inside, citizen: string): Promise<number> {
  const rows = await trx
    .selectFrom('applications')
    .select(['id', 'citizen', 'state'])
    .where((build) => build.or([build('citizen', '=', citizen), build('guardian', '=', citizen)]))
    .execute()
  const ids = rows
    .filter((row) => row.citizen === citizen || row.state !== 'issued')
    .map(({ id }) => id)
  if (ids.length > 0) {
    for (const table of ['application_evidence', 'application_offers'] as const) {
      await trx.deleteFrom(table).where('application', 'in', ids).execute()
    }
    await trx.deleteFrom('applications').where('id', 'in', ids).execute()
  }
  await trx
    .updateTable('applications')
    .set({ guardian: null })
    .where('guardian', '=', citizen)
    .execute()
  return ids.length
}

async function eraseNotifications(trx: Inside, person: string): Promise<number> {
  const theirs = trx.selectFrom('batches').select('id').where('person', '=', person)
  return deletedRows(trx.deleteFrom('vci_notifications').where('batch', 'in', theirs))
}

/** On either side: whom they would vouch for, and who would vouch for them. */
async function eraseContacts(trx: Inside, { id, citizen }: StoredPerson): Promise<number> {
  const named = [id, citizen]
  return deletedRows(
    trx
      .deleteFrom('recovery_contacts')
      .where((build) => build.or([build('person', 'in', named), build('contact', 'in', named)])),
  )
}

/** What they were to a guardian, or as one. */
async function eraseGuardianship(trx: Inside, { id, citizen }: StoredPerson): Promise<number> {
  const handovers = await trx
    .deleteFrom('handovers')
    .where((build) => build.or([build('person', '=', id), build('guardian', '=', citizen)]))
    .executeTakeFirst()
  const minors = await trx.deleteFrom('minors').where('person', '=', id).executeTakeFirst()
  // A guardian's grant that brought nothing but this ward's certificates ends with them.
  const grants = await endWardGrants(trx, { ward: citizen })
  return [handovers, minors].reduce((sum, each) => sum + Number(each.numDeletedRows), grants)
}

/** Batches stay, as anonymous places on status lists. */
async function forgetBatches(trx: Inside, { id, citizen }: StoredPerson): Promise<void> {
  await trx
    .updateTable('batches')
    .set({ person: null, device: null, guardian: null })
    .where('person', '=', id)
    .execute()
  // Copies about a ward that they held: revoked by now, and nobody's.
  await trx
    .updateTable('batches')
    .set({ device: null, guardian: null })
    .where('guardian', '=', citizen)
    .execute()
}

async function putCoolDown(trx: Inside, row: CoolDownRow): Promise<void> {
  await trx
    .insertInto('number_cool_downs')
    .values(row)
    .onConflict((conflict) => conflict.column('tag').doUpdateSet(row))
    .execute()
}
