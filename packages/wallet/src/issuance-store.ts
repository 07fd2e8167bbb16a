import type { Database } from '@netcert/agent'
import type { Kysely } from 'kysely'
import { ownKeyPrefixes } from './keys.js'
import type { WalletTables, Writable } from './store.js'
import type { CopyRow, IssuanceKind, IssuanceRow, IssuanceStore } from './stores.js'

/** Tables of what the wallet has under way with issuers. Times in seconds since 1970. */
export type IssuanceTables = {
  wallet_issuance: Writable<IssuanceRow>
  /** The greatest number seen of something that only ever rises. */
  wallet_floors: { name: string; floor: number }
}

/** The steps of the schema, to follow those of the wallet. */
export const issuanceMigrations = [
  {
    name: '0003-wallet-issuance',
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('wallet_issuance')
        .addColumn('id', 'varchar(64)', (column) => column.primaryKey())
        .addColumn('kind', 'varchar(16)', (column) => column.notNull())
        .addColumn('batch_id', 'varchar(32)')
        .addColumn('due_at', 'bigint')
        .addColumn('expires_at', 'bigint')
        .addColumn('leased_until', 'bigint')
        .addColumn('sealed', 'text', (column) => column.notNull())
        .execute()
      await db.schema
        .createIndex('wallet_issuance_by_kind')
        .on('wallet_issuance')
        .columns(['kind', 'due_at'])
        .execute()
      await db.schema
        .createTable('wallet_floors')
        .addColumn('name', 'varchar(64)', (column) => column.primaryKey())
        .addColumn('floor', 'bigint', (column) => column.notNull())
        .execute()
    },
  },
] as const

/** SQL of what the wallet has under way with issuers. */
export class DatabaseIssuanceStore implements IssuanceStore {
  readonly #database: Database<WalletTables>

  constructor(database: Database<WalletTables>) {
    this.#database = database
  }

  async put(row: IssuanceRow): Promise<void> {
    const { id: _id, ...rest } = row
    await this.#database.kysely
      .insertInto('wallet_issuance')
      .values(row)
      .onConflict((conflict) => conflict.column('id').doUpdateSet(rest))
      .execute()
  }

  async putFirst(row: IssuanceRow): Promise<void> {
    await this.#database.kysely
      .insertInto('wallet_issuance')
      .values(row)
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute()
  }

  get(kind: IssuanceKind, id: string): Promise<IssuanceRow | undefined> {
    return this.#database.kysely
      .selectFrom('wallet_issuance')
      .selectAll()
      .where('kind', '=', kind)
      .where('id', '=', id)
      .executeTakeFirst()
  }

  list(kind: IssuanceKind): Promise<IssuanceRow[]> {
    return this.#database.kysely
      .selectFrom('wallet_issuance')
      .selectAll()
      .where('kind', '=', kind)
      .orderBy('due_at')
      .orderBy('id')
      .execute()
  }

  notificationsOf(batch: string): Promise<IssuanceRow[]> {
    return this.#database.kysely
      .selectFrom('wallet_issuance')
      .selectAll()
      .where('kind', '=', 'notification')
      .where('batch_id', '=', batch)
      .execute()
  }

  async lease(id: string, now: number, until: number): Promise<IssuanceRow | undefined> {
    return this.#database.kysely
      .updateTable('wallet_issuance')
      .set({ leased_until: until })
      .where('id', '=', id)
      .where((eb) => eb.or([eb('leased_until', 'is', null), eb('leased_until', '<=', now)]))
      .returningAll()
      .executeTakeFirst()
  }

  async reseal(id: string, change: { readonly from: string; readonly to: string }): Promise<void> {
    await this.#database.kysely
      .updateTable('wallet_issuance')
      .set({ sealed: change.to })
      .where('id', '=', id)
      .where('sealed', '=', change.from)
      .execute()
  }

  async release(id: string, dueAt: number | null): Promise<void> {
    await this.#database.kysely
      .updateTable('wallet_issuance')
      .set({ leased_until: null, due_at: dueAt })
      .where('id', '=', id)
      .execute()
  }

  async remove(id: string): Promise<boolean> {
    const { numDeletedRows } = await this.#database.kysely
      .deleteFrom('wallet_issuance')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    return numDeletedRows === 1n
  }

  async forgetExpired(now: number): Promise<void> {
    await this.#database.kysely
      .deleteFrom('wallet_issuance')
      .where('expires_at', '<=', now)
      .execute()
  }

  async forgetBatch(id: string): Promise<void> {
    await this.#database.transaction(async (trx) => {
      const copies = trx.selectFrom('wallet_copies').where('batch_id', '=', id)
      await trx.deleteFrom('keys').where('alias', 'in', copies.select('key_alias')).execute()
      await trx.deleteFrom('wallet_copies').where('batch_id', '=', id).execute()
      await trx.deleteFrom('wallet_batches').where('id', '=', id).execute()
    })
  }

  async reserveCopy(id: string, now: number, again: boolean): Promise<CopyRow | undefined> {
    const copy = this.#database.kysely
      .updateTable('wallet_copies')
      .set((eb) => ({ used_at: eb.fn.coalesce('used_at', eb.val(now)) }))
      .where('id', '=', id)
      .where('sealed', '<>', '')
      .where('expires_at', '>', now)
    const open = again ? copy : copy.where('used_at', 'is', null)
    return open.returningAll().executeTakeFirst()
  }

  async unusedKeys(aliases: readonly string[]): Promise<string[]> {
    const rows = await this.#database.kysely
      .selectFrom('wallet_copies')
      .select('key_alias')
      .where('key_alias', 'in', [...aliases, ''])
      .execute()
    const used = new Set(rows.map((row) => row.key_alias))
    return aliases.filter((alias) => !used.has(alias))
  }

  async idleKeys(before: number): Promise<string[]> {
    const rows = await this.#database.kysely
      .selectFrom('keys')
      .select('alias')
      .where((eb) => eb.or(ownKeyPrefixes.map((prefix) => eb('alias', 'like', `${prefix}%`))))
      .where('created_at', '<', before)
      .where('alias', 'not in', (eb) => eb.selectFrom('wallet_copies').select('key_alias'))
      .execute()
    return rows.map(({ alias }) => alias)
  }

  async floor(name: string): Promise<number> {
    const row = await this.#database.kysely
      .selectFrom('wallet_floors')
      .select('floor')
      .where('name', '=', name)
      .executeTakeFirst()
    return row?.floor ?? 0
  }

  async raiseFloor(name: string, floor: number): Promise<void> {
    await this.#database.kysely
      .insertInto('wallet_floors')
      .values({ name, floor })
      .onConflict((conflict) =>
        conflict.column('name').doUpdateSet({ floor }).where('wallet_floors.floor', '<', floor),
      )
      .execute()
  }
}
