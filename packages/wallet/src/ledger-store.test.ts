import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMasterKey, keyStoreMigrations, openVault, type Vault } from '@netcert/agent'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../test/database-engines.js'
import { issuanceMigrations } from './issuance-store.js'
import { adoptDisclosure, randomId } from './ledger.js'
import { LedgerBook } from './ledger-book.js'
import type { DisclosureContent } from './ledger-entry.js'
import { exportLedger, checkExportedLedger } from './ledger-export.js'
import { DatabaseLedgerStore, ledgerMigrations } from './ledger-store.js'
import { type WalletTables, walletMigrations } from './store.js'

const before = [...keyStoreMigrations, ...walletMigrations, ...issuanceMigrations]
const migrations = [...before, ...ledgerMigrations]
const clock = () => new Date('2026-03-01T08:00:00Z')

let folder: string
let vault: Vault
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcert-ledger-'))
  const masterKeyFile = join(folder, 'master.key')
  await createMasterKey(masterKeyFile)
  vault = await openVault({ masterKeyFile })
})
afterAll(() => rm(folder, { recursive: true }))

const shown = (audience: string): DisclosureContent => ({
  kind: 'disclosure',
  id: randomId(),
  audience,
  vct: 'urn:netcert:network-certificate:1',
  copy: 'one-time',
  claims: [['real_person']],
  platform: null,
})

describe.each(engines)('the ledger on %s', (engine) => {
  const databases = databasesOn(engine)
  type Location = Awaited<ReturnType<typeof databases.location>>

  async function open(location: Location, create = true) {
    const database = await databases.open<WalletTables>({ location, migrations, create })
    const store = new DatabaseLedgerStore(database)
    return { store, book: new LedgerBook({ store, vault, clock }), kysely: database.kysely }
  }
  async function filled(lines = 5) {
    const opened = await open(await databases.location())
    for (let line = 1; line <= lines; line += 1) {
      await opened.book.append(shown(`https://${line}.example`))
    }
    expect(await opened.book.check()).toMatchObject({ kind: 'whole', entries: lines })
    return opened
  }

  it('is one chain, whoever writes at the same time', async () => {
    const location = await databases.location()
    const [one, other] = [await open(location), await open(location, false)]
    await Promise.all(
      Array.from({ length: 12 }, (_, at) =>
        (at % 2 === 0 ? one : other).book.append(shown(`https://${at}.example`)),
      ),
    )
    expect(await one.book.check()).toMatchObject({ kind: 'whole', entries: 12 })
    expect(await other.book.disclosures()).toHaveLength(12)
  })

  it('names the line that is missing, in the middle and at the end', async () => {
    const middle = await filled()
    await middle.kysely.deleteFrom('wallet_ledger').where('position', '=', 3).execute()
    expect(await middle.book.check()).toEqual({ kind: 'broken', position: 3, problem: 'missing' })
    const end = await filled()
    await end.kysely.deleteFrom('wallet_ledger').where('position', '>', 3).execute()
    expect(await end.book.check()).toEqual({ kind: 'broken', position: 4, problem: 'missing' })
  })

  it('names the line that was altered, moved or dated otherwise', async () => {
    const { kysely, book } = await filled()
    const rows = await kysely.selectFrom('wallet_ledger').selectAll().execute()
    const second = rows.find(({ position }) => position === 2)
    const set = (change: object, position: number) =>
      kysely.updateTable('wallet_ledger').set(change).where('position', '=', position).execute()
    await set({ sealed: second?.sealed ?? '' }, 4)
    expect(await book.check()).toEqual({ kind: 'broken', position: 4, problem: 'unreadable' })
    await set({ sealed: rows.find(({ position }) => position === 4)?.sealed ?? '' }, 4)
    expect(await book.check()).toMatchObject({ kind: 'whole' })
    await set({ recorded_at: 1 }, 5)
    expect(await book.check()).toEqual({ kind: 'broken', position: 5, problem: 'unreadable' })
  })

  it('leaves as a file that anybody can check, and that names what was changed in it', async () => {
    const { book } = await filled(4)
    const exported = await exportLedger({ ledger: book, clock })
    const text = JSON.stringify(exported, null, 2)
    expect(checkExportedLedger(text)).toMatchObject({ kind: 'whole', entries: 4 })
    const changed = text.replace('https://2.example', 'https://9.example')
    expect(checkExportedLedger(changed)).toEqual({
      kind: 'broken',
      position: 3,
      problem: 'altered',
    })
    const cut = { ...exported, entries: exported.entries.slice(0, 3) }
    expect(checkExportedLedger(JSON.stringify(cut))).toMatchObject({ position: 4 })
    for (const other of ['{}', 'no JSON', '{"format":"netcert-ledger/1"}']) {
      expect(() => checkExportedLedger(other)).toThrow(/no exported ledger/)
    }
  })

  it('takes over the lines of a wallet from before there was a chain, once', async () => {
    const location = await databases.location()
    const old = await databases.open<WalletTables>({ location, migrations: before, create: true })
    for (const [at, audience] of ['https://a.example', 'https://b.example'].entries()) {
      const id = randomId()
      const { vct, claims } = shown(audience)
      const plain = JSON.stringify({ audience, vct, kind: 'one-time', claims })
      const context = `netcert/wallet/disclosure/v1|${id}`
      const sealed = vault.seal(new TextEncoder().encode(plain), context)
      await old.kysely
        .insertInto('wallet_disclosures')
        .values({ id, disclosed_at: 1000 + at, sealed })
        .execute()
    }
    const { store, book, kysely } = await open(location, false)
    const adopt = () => store.adopt((line) => adoptDisclosure(vault, line))
    await Promise.all([adopt(), adopt()])
    await adopt()
    expect((await book.disclosures()).map(({ audience }) => audience)).toEqual([
      'https://b.example',
      'https://a.example',
    ])
    expect(await book.check()).toMatchObject({ kind: 'whole', entries: 2 })
    expect(await kysely.selectFrom('wallet_disclosures').selectAll().execute()).toEqual([])
  })
})
