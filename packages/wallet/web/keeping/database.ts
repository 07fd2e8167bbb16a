import type { PublicJwk, RootPin } from '@netcert/credential'
import type { SigningKey } from '@netcert/credential/crypto'
import type { BatchRow, CopyRow, IssuanceRow, LedgerRow } from '@netcert/wallet/rules'
import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB } from 'idb'

/** A key of the wallet. Its private half was made non-extractable and never was anywhere else. */
export type KeptKey = {
  readonly alias: string
  readonly did: string
  readonly jwk: PublicJwk
  readonly key: SigningKey
  /** Seconds since 1970. */
  readonly created_at: number
}

/** The tables of the wallet, as `stores.ts` of the rules has their rows. */
export type WalletSchema = DBSchema & {
  readonly keys: { key: string; value: KeptKey; indexes: { did: string } }
  readonly batches: { key: string; value: BatchRow }
  readonly copies: {
    key: string
    value: CopyRow
    indexes: { batch_id: string; key_alias: string; audience_tag: string }
  }
  readonly records: { key: string; value: IssuanceRow; indexes: { kind: string } }
  readonly floors: { key: string; value: { readonly name: string; readonly floor: number } }
  readonly ledger: { key: number; value: LedgerRow; indexes: { platform_tag: string } }
  readonly head: {
    key: 'ledger'
    value: { readonly name: 'ledger'; readonly position: number; readonly hash: string }
  }
  /** Copies of what an issuer publishes: public, and so in the clear. */
  readonly published: { key: string; value: { readonly name: string; readonly text: string } }
  readonly root: { key: string; value: { readonly name: string; readonly pin: RootPin } }
}

type Table = 'root' | 'keys' | 'batches' | 'copies' | 'records' | 'floors' | 'ledger' | 'head'
export type WalletDatabase = IDBPDatabase<WalletSchema>
/** A transaction that writes at least these tables. */
export type Writing = IDBPTransaction<WalletSchema, Table[], 'readwrite'>

const VERSION = 1

/**
 * Opens the wallet's database of this origin, and makes it where there is none.
 *
 * @param onLost - another tab wants a newer version, or the browser erased it: reload the page
 * @throws DOMException where the browser keeps nothing
 */
export function openWalletDatabase(name: string, onLost: () => void): Promise<WalletDatabase> {
  return openDB<WalletSchema>(name, VERSION, {
    upgrade(db) {
      db.createObjectStore('keys', { keyPath: 'alias' }).createIndex('did', 'did')
      db.createObjectStore('batches', { keyPath: 'id' })
      const copies = db.createObjectStore('copies', { keyPath: 'id' })
      copies.createIndex('batch_id', 'batch_id')
      copies.createIndex('key_alias', 'key_alias', { unique: true })
      copies.createIndex('audience_tag', 'audience_tag')
      db.createObjectStore('records', { keyPath: 'id' }).createIndex('kind', 'kind')
      db.createObjectStore('floors', { keyPath: 'name' })
      db.createObjectStore('ledger', { keyPath: 'position' }).createIndex(
        'platform_tag',
        'platform_tag',
      )
      db.createObjectStore('head', { keyPath: 'name' })
      db.createObjectStore('published', { keyPath: 'name' })
      db.createObjectStore('root', { keyPath: 'name' })
    },
    blocking: (_version, _next, event) => {
      const { target } = event
      if (target instanceof IDBDatabase) target.close()
      onLost()
    },
    terminated: onLost,
  })
}

/**
 * Does some work in one transaction: all of it or nothing, and on the disk when this resolves. The work
 * awaits nothing but the database, or the browser ends the transaction under it.
 */
export async function write<T>(
  database: WalletDatabase,
  tables: Table[],
  work: (transaction: Writing) => Promise<T>,
): Promise<T> {
  const transaction = database.transaction(tables, 'readwrite', { durability: 'strict' })
  try {
    const result = await work(transaction)
    await transaction.done
    return result
  } catch (error) {
    await abandon(transaction)
    throw error
  }
}

async function abandon(transaction: Writing): Promise<void> {
  try {
    transaction.abort()
  } catch {
    // It had ended already: whatever failed ended it.
  }
  await transaction.done.catch(() => undefined)
}
