import type { Database } from '@netcert/agent'
import type { WalletTables } from './store.js'
import type { CopyRow, PlatformCopyStore } from './stores.js'

/** SQL of the copies that are tied to one platform each. */
export class DatabasePlatformCopyStore implements PlatformCopyStore {
  readonly #database: Database<WalletTables>

  constructor(database: Database<WalletTables>) {
    this.#database = database
  }

  async replaceCopies(tag: string, batch: string): Promise<void> {
    await this.#database.transaction(async (trx) => {
      const old = trx
        .selectFrom('wallet_copies')
        .where('audience_tag', '=', tag)
        .where('batch_id', '<>', batch)
      const rows = await old.select('batch_id').execute()
      await trx.deleteFrom('keys').where('alias', 'in', old.select('key_alias')).execute()
      await trx
        .deleteFrom('wallet_copies')
        .where('audience_tag', '=', tag)
        .where('batch_id', '<>', batch)
        .execute()
      const batches = rows.map((row) => row.batch_id)
      await trx
        .deleteFrom('wallet_batches')
        .where('id', 'in', [...batches, ''])
        .execute()
    })
  }

  tiedCopies(now: number): Promise<CopyRow[]> {
    return this.#database.kysely
      .selectFrom('wallet_copies')
      .selectAll()
      .where('audience_tag', 'is not', null)
      .where('expires_at', '>', now)
      .execute()
  }
}
