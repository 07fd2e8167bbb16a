import { keyStoreMigrations } from '@netcert/agent'
import { describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../test/database-engines.js'
import { issuanceMigrations } from './issuance-store.js'
import { randomId } from './ledger.js'
import { DatabaseLedgerStore, ledgerMigrations } from './ledger-store.js'
import {
  DatabaseWalletStore,
  type WalletTables,
  walletMigrations,
  wardMigrations,
} from './store.js'
import type { BatchRow, CopyRow, WriteEntry } from './stores.js'

const now = 1_000_000
const migrations = [
  ...keyStoreMigrations,
  ...walletMigrations,
  ...issuanceMigrations,
  ...ledgerMigrations,
  ...wardMigrations,
]

const batchRow = (members: Partial<BatchRow> = {}): BatchRow => ({
  id: randomId(),
  kind: 'one-time',
  vct: 'urn:netcert:network-certificate:1',
  issuer: 'did:key:zIssuer',
  issued_at: now,
  expires_at: now + 100,
  received_at: now,
  ward_id: null,
  ...members,
})
const copyRow = (batch: BatchRow): CopyRow => ({
  id: randomId(),
  batch_id: batch.id,
  key_alias: `holder-${randomId()}`,
  sealed: 'sealed',
  expires_at: batch.expires_at,
  used_at: null,
  audience_tag: null,
})
const entry = (): WriteEntry => (link) => ({
  row: { position: link.position, recorded_at: now, platform_tag: null, sealed: 'sealed' },
  hash: `${link.previous}.`,
})

describe.each(engines)('the wallet store on %s', (engine) => {
  const databases = databasesOn(engine)
  type Location = Awaited<ReturnType<typeof databases.location>>

  async function open(location: Location, create = true) {
    const database = await databases.open<WalletTables>({ location, migrations, create })
    const ledger = new DatabaseLedgerStore(database)
    return { store: new DatabaseWalletStore(database), ledger, kysely: database.kysely }
  }
  async function opened(copies: number, members: Partial<BatchRow> = {}) {
    const location = await databases.location()
    const { store, ledger, kysely } = await open(location)
    const batch = batchRow(members)
    const rows = Array.from({ length: copies }, () => copyRow(batch))
    expect(await store.putBatch(batch, rows)).toBe(true)
    return { location, store, ledger, kysely, batch, rows }
  }

  it('counts what remains of each batch, newest first', async () => {
    const { store, batch, rows } = await opened(3)
    const newer = batchRow({ received_at: now + 1, kind: 'platform' })
    await store.putBatch(newer, [copyRow(newer)])
    await store.useOnce(rows[0]!, now, entry())
    expect(await store.batches(now)).toEqual([
      { ...newer, copies: 1, remaining: 1 },
      { ...batch, copies: 3, remaining: 2 },
    ])
    expect(await store.batches(now + 100)).toEqual([])
  })

  it('stores a batch whole or not at all', async () => {
    const { store, rows, batch } = await opened(2)
    const second = batchRow()
    const taken = { ...copyRow(second), key_alias: rows[0]!.key_alias }
    expect(await store.putBatch(second, [copyRow(second), taken])).toBe(false)
    expect(await store.batches(now)).toEqual([{ ...batch, copies: 2, remaining: 2 }])
    expect(await store.anyCopyOf(second.id, now)).toBeUndefined()
  })

  it('lets exactly one of 12 callers over two connections use a copy, and erases it', async () => {
    const { location, store, ledger, kysely, rows } = await opened(1)
    const other = await open(location, false)
    const [copy] = rows
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, (_, call) =>
        (call % 2 === 0 ? store : other.store).useOnce(copy!, now, entry()),
      ),
    )
    expect(outcomes.filter(Boolean)).toHaveLength(1)
    expect(await ledger.entries()).toHaveLength(1)
    const row = await kysely.selectFrom('wallet_copies').selectAll().executeTakeFirstOrThrow()
    expect(row).toEqual({ ...copy, used_at: now, sealed: '' })
  })

  it('ties a platform copy to the first of two audiences for good', async () => {
    const { location, store, batch, rows } = await opened(1, { kind: 'platform' })
    const other = await open(location, false)
    const [copy] = rows
    const outcomes = await Promise.all([
      store.useAt(copy!, 'shop', now, entry()),
      other.store.useAt(copy!, 'bank', now, entry()),
    ])
    expect(outcomes.filter(Boolean)).toHaveLength(1)
    const tag = (await store.anyCopyOf(batch.id, now))?.audience_tag
    expect(await store.useAt(copy!, String(tag), now, entry())).toBe(true)
    expect(await store.useAt(copy!, tag === 'shop' ? 'bank' : 'shop', now, entry())).toBe(false)
  })

  it('uses no copy that has expired', async () => {
    const { store, batch, rows } = await opened(1)
    expect(await store.anyCopyOf(batch.id, now + 100)).toBeUndefined()
    expect(await store.useOnce(rows[0]!, now + 100, entry())).toBe(false)
    expect(await store.useAt(rows[0]!, 'shop', now + 100, entry())).toBe(false)
  })

  it('forgets what has expired, keys included, and nothing else', async () => {
    const { store, kysely, rows } = await opened(2)
    const lasting = batchRow({ expires_at: now + 1_000 })
    await store.putBatch(lasting, [copyRow(lasting)])
    const alias = rows[0]!.key_alias
    const key = { alias, did: 'did:key:z1', key_id: 'id1', created_at: now }
    const unused = { ...key, alias: 'holder-unused', did: 'did:key:z2', key_id: 'id2' }
    const rest = { type: 'P-256', jwk: '{}', sealed: 'sealed' }
    await kysely
      .insertInto('keys')
      .values([
        { ...key, ...rest },
        { ...unused, ...rest },
      ])
      .execute()
    expect(await store.keyAlias('did:key:z1')).toBe(alias)
    await store.forgetExpired(now + 100)
    expect(await store.keyAlias('did:key:z1')).toBeUndefined()
    expect(await store.keyAlias('did:key:z2')).toBe('holder-unused')
    expect(await store.batches(now)).toEqual([{ ...lasting, copies: 1, remaining: 1 }])
    expect(await kysely.selectFrom('wallet_copies').selectAll().execute()).toHaveLength(1)
  })
})
