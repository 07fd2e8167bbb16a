import { sql } from 'kysely'
import type { OpenedIssuerGround } from '../packages/issuer/src/open.js'
import { columnsOf } from './database-columns.js'

type Ground = OpenedIssuerGround['ground']
/** A person, and a child somebody holds certificates for. */
export type Hanging = { readonly id: string; readonly citizen: string; readonly child: string }

/** A row of everything that can hang on a person, as the parts of the issuer write them. */
export async function hangEverythingOn({ database }: Ground, { id, citizen, child }: Hanging) {
  const { kysely } = database
  const later = 2_000_000_000
  const put = <Row extends object>(table: string, row: Row) =>
    kysely
      .insertInto(table as 'persons')
      .values(row as never)
      .execute()
  const evidence = { kind: 'registry', passed: 1, outcome: 'exact', once_hash: null, at: 1 }
  const application = {
    ...{ state: 'approved', reason: null, version: 1, assurance_asked: 'document' },
    ...{ assurance: null, nonce: 'n', types: '[]', consent_purposes: 'p' },
    ...{ consent_language: 'en', wrapped_key: 'w', sealed: 's' },
    ...{ enrolled_here: 0, submitted_at: 1, changed_at: 1 },
  }
  await put('applications', { ...application, id: 'f_own', citizen, guardian: null })
  await put('applications', { ...application, id: 'f_ward', citizen: child, guardian: citizen })
  const issued = { ...application, state: 'issued' }
  await put('applications', { ...issued, id: 'f_issued', citizen: child, guardian: citizen })
  for (const name of ['f_own', 'f_ward']) {
    await put('application_evidence', { ...evidence, application: name })
    await put('application_offers', { offer: `o_${name}`, application: name })
  }
  await put('person_documents', { tag: 'another document', person: id })
  await put('devices', {
    ...{ id: 'd_theirs', citizen, grant_hash: 'g', kind: 'wallet', created_at: 1 },
    ...{ last_issued_at: 1, suspended_at: null, suspended_until: null, ended_at: null },
    ended_reason: null,
  })
  await kysely.updateTable('batches').set({ device: 'd_theirs' }).execute()
  await put('revocation_codes', { locator: 'l', citizen, code_tag: 'c', made_at: 1 })
  const contact = { nonce: null, asked_at: 1, expires_at: null, agreed_at: 1 }
  await put('recovery_contacts', { ...contact, id: 'k_1', person: id, contact: 'p_other' })
  await put('recovery_contacts', { ...contact, id: 'k_2', person: 'p_other', contact: id })
  await put('minors', { person: id, stage: 'ward' })
  const handover = { kind: 'own', due_at: 1, offered_at: null }
  await put('handovers', { ...handover, id: 'h_1', person: id, guardian: '' })
  await put('handovers', { ...handover, id: 'h_2', person: 'p_child', guardian: citizen })
  const grant = { alone: 1, expires_at: later }
  await put('ward_grants', {
    ...grant,
    grant_id: 'g1',
    identifier: 'a',
    guardian: citizen,
    ward: child,
  })
  await put('ward_grants', {
    ...grant,
    grant_id: 'g2',
    identifier: 'b',
    guardian: 'c_x',
    ward: citizen,
  })
  const offer = {
    ...{ code_hash: null, state_hash: null, tx_hash: null, tx_form: null, configuration_ids: '[]' },
    ...{ deferred: 0, guesses: 0, expires_at: later, redeemed_at: null },
  }
  await put('vci_offers', { ...offer, id: 'o_1', reference_hash: '1', citizen, guardian: null })
  await put('vci_offers', {
    ...offer,
    id: 'o_2',
    reference_hash: '2',
    citizen: child,
    guardian: citizen,
  })
  const deferred = {
    ...{ grant_id: 'g1', configuration_id: 'x', ready_at: 1, expires_at: later },
    ...{ holder_keys: null, batch: null, credentials: null, delivered_at: null },
  }
  await put('vci_deferred', { ...deferred, id_hash: '1', citizen, guardian: null })
  await put('vci_deferred', { ...deferred, id_hash: '2', citizen: child, guardian: citizen })
  await put('presence_checks', { person: id, checked_at: 1, face: 1, batch: null })
  await put('as_login_codes', {
    ...{ interaction: 'i', attempt: 1, citizen, code_tag: 'c', guesses: 0 },
    ...{ sent_at: later, expires_at: later, used_at: null },
  })
}

/** Every `table.column` whose text holds one of these. */
export async function columnsNaming(
  { database }: Ground,
  names: readonly string[],
): Promise<string[]> {
  const { kysely } = database
  const found: string[] = []
  for (const [table, columns] of await columnsOf(database)) {
    for (const column of columns) {
      const text = sql<string>`cast(${sql.ref(column)} as text)`
      const match = sql.join(
        names.map((each) => sql`${text} like ${`%${each}%`}`),
        sql` or `,
      )
      const { rows } = await sql`select 1 from ${sql.table(table)} where ${match}`.execute(kysely)
      if (rows.length > 0) found.push(`${table}.${column}`)
    }
  }
  return found.toSorted()
}
