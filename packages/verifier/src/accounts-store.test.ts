import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createMasterKey, type Database, openVault, type Vault } from '@netcert/agent'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../test/database-engines.js'
import { later, testNow } from '../../../test/trust-domain.js'
import { encodingsFound } from '../../../test/value-encodings.js'
import { type AccountKey, accountKeyOf } from './account-key.js'
import { accountMigrations, type AccountTables } from './account-schema-store.js'
import { databaseAccounts } from './accounts-store.js'

const NUMBER = 'P7K2M9Q4T1V8W3X5Y6Z0A42'
const TEXT = 'Beschwerde-Marker-4711'
const keyOf = (number: string, role: 'self' | 'guardian' = 'self') =>
  accountKeyOf({ issuer: 'did:key:zDnExampleOfAnIssuer', role, platformNumber: number })
const key = keyOf(NUMBER)
const refusal = (code: string) => expect.objectContaining({ code })

let vault: Vault
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcert-accounts-'))
  const masterKeyFile = join(folder, 'master.key')
  await createMasterKey(masterKeyFile)
  vault = await openVault({ masterKeyFile })
})
afterAll(() => rm(folder, { recursive: true }))

describe.each(engines)('accounts on %s', (engine) => {
  const databases = databasesOn(engine)
  let now = testNow
  let database: Database<AccountTables>
  let file = ''
  const open = async () => {
    now = testNow
    const location = await databases.location()
    file = 'sqlite' in location ? location.sqlite : ''
    const migrations = accountMigrations(engine)
    database = await databases.open<AccountTables>({ location, migrations, create: true })
    return databaseAccounts({ database, vault, clock: () => now })
  }

  it('are made once for one certificate, however many sign in at the same moment', async () => {
    const accounts = await open()
    const ids = Array.from({ length: 12 }, (_, at) => `u-${at}`)
    const made = await Promise.all(ids.map((id) => accounts.create(key, id)))
    expect(new Set(made.map(({ id }) => id)).size).toBe(1)
    const rows = await database.kysely.selectFrom('verifier_accounts').selectAll().execute()
    expect(rows.length).toBe(1)
    expect(await accounts.find(keyOf(NUMBER, 'guardian'))).toBeNull()
  })

  it('take one certificate each, and one certificate opens one of them', async () => {
    const accounts = await open()
    const ids = Array.from({ length: 8 }, (_, at) => `u-${at}`)
    for (const id of ids) await accounts.create(keyOf(`other-${id}`), id)
    for (const id of ids) await accounts.unlink(id)
    const linked = await Promise.allSettled(ids.map((id) => accounts.link(key, id)))
    const failures = linked.flatMap((it) =>
      it.status === 'rejected' ? [it.reason as unknown] : [],
    )
    expect(failures).toEqual(Array.from({ length: 7 }, () => refusal('account_linked_elsewhere')))
    const { id = '' } = (await accounts.find(key)) ?? {}
    await expect(accounts.link(keyOf('second'), id)).rejects.toEqual(
      refusal('account_linked_elsewhere'),
    )
    await expect(accounts.create(keyOf('third'), id)).rejects.toEqual(
      refusal('account_linked_elsewhere'),
    )
    expect((await accounts.link(key, id)).id).toBe(id)
  })

  it.each(['forget', 'unlink'] as const)(
    'are not left by %s while a flag is being written',
    async (way) => {
      const accounts = await open()
      await accounts.create(key, 'u')
      let left: Promise<unknown> = Promise.resolve()
      await database.transaction(async (trx) => {
        const set = { flagged_at: 1, flag_reason: 'odd' }
        await trx.updateTable('verifier_accounts').set(set).where('account', '=', 'u').execute()
        left = (way === 'forget' ? accounts.forget(key) : accounts.unlink('u')).then(
          () => 'left',
          (error: unknown) => (error as { code?: unknown }).code,
        )
        // Time enough to read the row as it was before.
        await pause(200)
      })
      expect(await left).toBe('account_flagged')
      expect((await accounts.find(key))?.flag?.reason).toBe('odd')
    },
  )

  it('have no session that a flag of the same moment left behind', async () => {
    const accounts = await open()
    await accounts.create(key, 'u')
    const begun = Array.from({ length: 6 }, () => accounts.sessions.begin('u').catch(() => null))
    await Promise.all([...begun, accounts.flags.flag('u', { reason: 'odd' })])
    for (const session of await Promise.all(begun)) {
      expect(await accounts.sessions.find(session?.token ?? '')).toBeNull()
    }
    await expect(accounts.sessions.begin('u')).rejects.toEqual(refusal('account_flagged'))
    await expect(accounts.sessions.begin('nobody')).rejects.toEqual(refusal('account_unknown'))
  })

  it('are released once of two at the same moment, and not before they were flagged', async () => {
    const accounts = await open()
    await accounts.create(key, 'u')
    const release = () => accounts.flags.release('u', { by: 'other_means' })
    await expect(release()).rejects.toEqual(refusal('account_not_flagged'))
    await expect(accounts.flags.appeal('u', 'why')).rejects.toEqual(refusal('account_not_flagged'))
    await accounts.flags.flag('u', { reason: 'odd' })
    await accounts.flags.flag('u', { reason: 'odder' })
    expect((await accounts.flags.list())[0]).toMatchObject({ flag: { reason: 'odd' }, appeals: 0 })
    const both = await Promise.allSettled([release(), release()])
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    for (const reason of ['', 'Somebody called Li', 'x'.repeat(41), '9']) {
      await expect(accounts.flags.flag('u', { reason })).rejects.toEqual(
        refusal('request_malformed'),
      )
    }
  })

  it('give tickets that open the ways out alone, for an hour and while there is a flag', async () => {
    const accounts = await open()
    await accounts.create(key, 'u')
    await accounts.flags.flag('u', { reason: 'odd' })
    const ticket = await accounts.flags.admit({ account: 'u', key })
    expect(await accounts.flags.claimant(ticket)).toEqual({ account: 'u', key })
    expect(await accounts.sessions.find(ticket)).toBeNull()
    now = later(3600)
    expect(await accounts.flags.claimant(ticket)).toBeNull()
    now = testNow
    await accounts.flags.release('u', { by: 'presence' })
    expect(await accounts.flags.claimant(ticket)).toBeNull()
    const { token } = await accounts.sessions.begin('u')
    expect(await accounts.flags.claimant(token)).toBeNull()
  })

  it('end the oldest session where somebody keeps signing in', async () => {
    const accounts = await open()
    await accounts.create(key, 'u')
    const first = await accounts.sessions.begin('u')
    for (let more = 1; more <= 20; more += 1) {
      now = later(more)
      await accounts.sessions.begin('u')
    }
    expect(await accounts.sessions.find(first.token)).toBeNull()
    const rows = database.kysely.selectFrom('verifier_account_sessions').selectAll()
    expect((await rows.execute()).length).toBe(20)
  })

  it('write down what happened, and nobody changes or deletes a line', async () => {
    const accounts = await open()
    await accounts.create(key, 'u')
    const { kysely } = database
    const change = sql`update verifier_account_events set event = 'linked'`.execute(kysely)
    await expect(change).rejects.toEqual(refusal('constraint_violation'))
    const removal = sql`delete from verifier_account_events`.execute(kysely)
    await expect(removal).rejects.toEqual(refusal('constraint_violation'))
    expect(await accounts.flags.events('u')).toEqual([
      { at: testNow, event: 'created', detail: null },
    ])
  })

  it('leave a log that names nobody once their owner has them deleted', async () => {
    const accounts = await open()
    await accounts.create(key, 'customer-of-ours')
    await accounts.flags.flag('customer-of-ours', { reason: 'odd' })
    await accounts.flags.appeal('customer-of-ours', TEXT)
    await expect(accounts.forget(key)).rejects.toEqual(refusal('account_flagged'))
    await accounts.flags.release('customer-of-ours', { by: 'other_means' })
    expect(await accounts.forget(key)).toBe(true)
    expect(await accounts.forget(key)).toBe(false)
    await expect(accounts.flags.events('customer-of-ours')).rejects.toEqual(
      refusal('account_unknown'),
    )
    const rows = await database.kysely.selectFrom('verifier_account_events').selectAll().execute()
    expect(rows.map(({ event }) => event)).toContain('deleted')
    expect(JSON.stringify(rows)).not.toContain('customer-of-ours')
  })

  it.skipIf(engine !== 'sqlite')('hold no number, token or appeal in clear', async () => {
    const accounts = await open()
    await accounts.create(key, 'u')
    const { token } = await accounts.sessions.begin('u')
    await accounts.flags.flag('u', { reason: 'odd' })
    const ticket = await accounts.flags.admit({ account: 'u', key })
    await accounts.flags.appeal('u', TEXT)
    const dir = dirname(file)
    const bytes = Buffer.concat(readdirSync(dir).map((name) => readFileSync(join(dir, name))))
    for (const secret of [NUMBER, key as AccountKey & string, TEXT]) {
      expect([secret, encodingsFound(bytes, secret)]).toEqual([secret, []])
    }
    for (const secret of [token, ticket]) expect(bytes.includes(secret)).toBe(false)
    expect(bytes.includes('odd')).toBe(true)
  })
})
