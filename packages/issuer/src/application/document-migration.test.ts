import { describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../../test/database-engines.js'
import { type IssuerSchema, issuerMigrations } from '../issuer-schema-store.js'
import { type SourceSchema, sourceMigrations } from '../source-store.js'

describe.each(engines)('documents of people from before, %s', (engine) => {
  const databases = databasesOn(engine)

  it('find the people that were enrolled with them', async () => {
    const location = await databases.location()
    const all = issuerMigrations(engine)
    const before = all.slice(
      0,
      all.findIndex(({ name }) => name === '0033-applications'),
    )
    const old = await databases.open<IssuerSchema>({ location, migrations: before, create: true })
    const row = { id: 'p_1', citizen: 'c_1', identity_tag: 'tag of 1', number_tag: 'number' }
    await old.kysely
      .insertInto('persons')
      .values({ ...row, wrapped_key: 'k', sealed: 's', suspended_at: null, suspended_until: null })
      .execute()
    await old.close()
    const now = await databases.open<IssuerSchema>({ location, migrations: all, create: false })
    expect(await now.kysely.selectFrom('person_documents').selectAll().execute()).toEqual([
      { tag: 'tag of 1', person: 'p_1' },
    ])
  })

  it('find the people of the authentic source', async () => {
    const location = await databases.location()
    const migrations = sourceMigrations.slice(0, 1)
    const old = await databases.open<SourceSchema>({ location, migrations, create: true })
    const row = { reference: 'c_1', number_tag: 'tag of 1', fingerprint: 'f' }
    await old.kysely
      .insertInto('citizens')
      .values({ ...row, wrapped_key: 'k', sealed: 's' })
      .execute()
    await old.close()
    const all = { location, migrations: sourceMigrations, create: false }
    const now = await databases.open<SourceSchema>(all)
    expect(await now.kysely.selectFrom('citizen_numbers').selectAll().execute()).toEqual([
      { number_tag: 'tag of 1', reference: 'c_1', wrapped_key: null, sealed: null },
    ])
  })
})
