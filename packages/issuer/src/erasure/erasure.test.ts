import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { jwkThumbprint } from '@netcert/credential'
import { verifyErasureReceipt } from '@netcert/protocol'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { columnsOf } from '../../../../test/database-columns.js'
import { databasesOn, engines } from '../../../../test/database-engines.js'
import { issuerFamily } from '../../../../test/issuer-family.js'
import { holderKeys } from '../../../../test/issuer-ground.js'
import { encodingsFound } from '../../../../test/value-encodings.js'
import { trustOf } from '../../../../test/issuer-trust.js'
import { openIssuerGround, type OpenedIssuerGround } from '../open.js'
import { openPersonRecord } from '../person-record.js'

const DAY = 86_400_000

describe.each(engines)('what a cancelled person leaves, on %s', (engine) => {
  const family = issuerFamily(databasesOn(engine))

  const opened = async <T>(work: (opened: OpenedIssuerGround) => Promise<T>): Promise<T> => {
    const ground = await openIssuerGround({ dir: family.test.dir, clock: () => family.now })
    try {
      return await work(ground)
    } finally {
      await ground.close()
    }
  }
  const cancel = () => family.issuer.erasure.cancel(family.person('parent'))

  it('is named by no column of any table, whatever hung on them', async () => {
    await family.mint({})
    const [citizen, child] = [family.person('parent'), family.person('child')]
    const person = await opened(async ({ ground }) => {
      const { id } = await ground.database.kysely
        .selectFrom('persons')
        .select('id')
        .where('citizen', '=', citizen)
        .executeTakeFirstOrThrow()
      await hangEverythingOn(ground, { id, citizen, child })
      return id
    })
    const named = () => opened(({ ground }) => columnsNaming(ground, [person, citizen, 'd_theirs']))
    const before = await named()
    for (const table of ['applications', 'devices', 'handovers', 'ward_grants', 'vci_offers']) {
      expect(before.join(' ')).toContain(table)
    }
    await cancel()
    // Nothing maps the random reference to anybody any more.
    expect(await named()).toEqual(['audit_log.subject'])
  })

  it('is said by a receipt that anybody can check against the trust list', async () => {
    const { credentials } = await family.mint({})
    expect(credentials).toHaveLength(1)
    const network = await networkNumberOf(family.person('parent'), opened)
    const { receipt, report } = await cancel()
    const trust = await trustOf(family.issuer, family.test.rootDid, family.now)
    const about = { trust, issuer: family.test.issuerDid, now: family.now }
    const said = await verifyErasureReceipt(receipt, { ...about, networkNumber: network })
    expect(said.erased).toContainEqual({ class: 'person', count: 1 })
    const kept = new Map(said.kept.map((one) => [one.class, one]))
    expect(kept.get('status_entries')?.count).toBe(report?.revoked)
    expect(kept.get('cool_down')?.until).toEqual(report?.coolDownUntil)
    expect(kept.get('receipt')?.until).toEqual(report?.coolDownUntil)
    await expect(
      verifyErasureReceipt(receipt, { ...about, networkNumber: `${network.slice(0, -1)}0` }),
    ).rejects.toMatchObject({ code: 'erasure_receipt_invalid' })
  })

  it('can be asked for again by whoever comes back and cancels anew: another receipt', async () => {
    await family.mint({})
    const first = await cancel()
    family.now = new Date(family.now.getTime() + DAY)
    await family.mint({})
    const second = await cancel()
    expect(second.receipt).not.toBe(first.receipt)
    expect((await cancel()).receipt).toBe(second.receipt)
  })

  it('is one cancellation when it is asked for many times at once, in two processes', async () => {
    await family.mint({})
    const other = await openIssuerGround({ dir: family.test.dir, clock: () => family.now })
    const citizen = family.person('parent')
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, at) =>
        (at % 2 === 0 ? family.issuer : other.issuer).erasure.cancel(citizen),
      ),
    )
    await other.close()
    expect(new Set(answers.map(({ receipt }) => receipt)).size).toBe(1)
    expect(answers.filter(({ report }) => report !== null)).toHaveLength(1)
    const entries = await opened(({ ground }) =>
      ground.database.kysely
        .selectFrom('audit_log')
        .select('details')
        .where('event', '=', 'person_cancelled')
        .execute(),
    )
    expect(entries).toHaveLength(1)
  })
})

describe('the files of an issuer after somebody cancelled', () => {
  const family = issuerFamily(databasesOn('sqlite'))

  const kept = async () => {
    const names = await readdir(family.folder, { recursive: true, withFileTypes: true })
    const files = names.filter((entry) => entry.isFile() && !entry.name.startsWith('source.sqlite'))
    const read = files.map(({ parentPath, name }) => readFile(join(parentPath, name)))
    return Buffer.concat(await Promise.all(read))
  }

  it('hold no value of them in any encoding, and no digest that could be counted through', async () => {
    const keys = await holderKeys(1)
    const { credentials } = await family.mint({ holderJwks: keys })
    await family.issuer.recordPresence({ citizen: family.person('parent'), face: true })
    await family.issuer.publish({ out: join(family.folder, 'public') })
    const citizen = family.person('parent')
    const { ground, close } = await openIssuerGround({
      dir: family.test.dir,
      clock: () => family.now,
    })
    const row = await ground.database.kysely
      .selectFrom('persons')
      .selectAll()
      .where('citizen', '=', citizen)
      .executeTakeFirstOrThrow()
    const { person, numberSalt } = openPersonRecord(ground.vault, row)
    const values = [
      ...[citizen, row.sealed, row.wrapped_key, row.identity_tag, row.number_tag],
      ...[person.documentNumber, person.familyName + person.givenName, person.birthdate],
      ...[person.networkNumber, '13510009155296'.slice(-11), '敏静'],
      ...[Buffer.from(numberSalt!).toString('base64url'), jwkThumbprint(keys[0]!)],
      ...[credentials[0]!.split('.')[2]!.slice(0, 40)],
    ]
    const found = async () => {
      const bytes = await kept()
      return values.flatMap((value) => encodingsFound(bytes, value).map((form) => [form, value]))
    }
    // The handles are there before; what they open is sealed then already.
    const before = (await found()).map(([, value]) => value)
    for (const handle of [citizen, row.sealed, row.identity_tag]) expect(before).toContain(handle)
    expect(before).not.toContain(person.documentNumber)
    const { finished } = await family.issuer.erasure.cancel(citizen)
    expect(finished).toBe(true)
    await family.issuer.publish({ out: join(family.folder, 'public') })
    expect(await found()).toEqual([])
    await close()
    expect(await found()).toEqual([])
    // The search finds what is there.
    await writeFile(join(family.folder, 'planted'), Buffer.from(person.documentNumber, 'utf16le'))
    expect(await found()).toEqual([['utf-16le', person.documentNumber]])
  })

  it('are not called clean while a reader holds on to old pages, and are cleaned by the job', async () => {
    await family.mint({})
    const citizen = family.person('parent')
    const reader = await openIssuerGround({ dir: family.test.dir, clock: () => family.now })
    const { kysely } = reader.ground.database
    const reading = await kysely.startTransaction().setAccessMode('read only').execute()
    await reading.selectFrom('persons').selectAll().execute()
    const { finished: done } = await family.issuer.erasure.cancel(citizen)
    await reading.rollback().execute()
    await reader.close()
    expect(done).toBe(false)
    expect((await kept()).includes(citizen)).toBe(true)
    await family.issuer.retention.sweep()
    expect((await kept()).includes(citizen)).toBe(false)
    expect((await family.issuer.erasure.cancel(citizen)).finished).toBe(true)
  })
})

type Ground = OpenedIssuerGround['ground']
type Hanging = { readonly id: string; readonly citizen: string; readonly child: string }

/** A row of everything that can hang on a person, as the parts of the issuer write them. */
async function hangEverythingOn({ database }: Ground, { id, citizen, child }: Hanging) {
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
async function columnsNaming({ database }: Ground, names: readonly string[]): Promise<string[]> {
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

type Opening = <T>(work: (opened: OpenedIssuerGround) => Promise<T>) => Promise<T>

function networkNumberOf(citizen: string, opened: Opening): Promise<string> {
  return opened(async ({ ground }) => {
    const row = await ground.database.kysely
      .selectFrom('persons')
      .selectAll()
      .where('citizen', '=', citizen)
      .executeTakeFirstOrThrow()
    return openPersonRecord(ground.vault, row).person.networkNumber
  })
}
