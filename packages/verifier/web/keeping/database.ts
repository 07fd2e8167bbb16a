import type { SigningKey } from '@netcert/credential/crypto'
import type { PublicJwk } from '@netcert/credential'
import type { PackFloor } from '@netcert/verifier/offline-pack'
import type { Lane, LedgerEntry, LedgerHead } from '@netcert/verifier/gate'
import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import type { StaffPin } from '../lane/staff-pin.js'

/** A lane with its keys made usable: none of them can be read out again. */
export type KeptLane = {
  readonly lane: Lane
  readonly requestKey: SigningKey
  readonly requestJwk: PublicJwk
  /** HMAC-SHA-256 under the lane secret. */
  readonly nonceKey: CryptoKey
  /** HMAC-SHA-256 under the ledger key of the event. */
  readonly tagKey: CryptoKey
}

/** The packs this page rests on: a full one, and the deltas after it, in order. */
export type KeptPack = {
  readonly pack: Blob
  readonly takenInAt: Date
  /** What was known before it, and is never gone back behind; null: nothing. */
  readonly floorBefore: PackFloor | null
}

/** What staff chose on this device. */
export type Choices = {
  readonly language?: 'zh-CN' | 'en'
  /** undefined: as the system. */
  readonly look?: 'light' | 'dark' | undefined
  readonly sound?: boolean
  readonly camera?: { readonly deviceId: string } | { readonly facing: 'user' | 'environment' }
}

type Schema = DBSchema & {
  /** One row each, under the name of what it is. */
  readonly device: {
    key: 'lane' | 'pin' | 'choices' | 'tickets'
    value: KeptLane | StaffPin | Choices | string
  }
  readonly packs: { key: number; value: KeptPack }
  readonly head: { key: 'head'; value: LedgerHead }
  readonly entries: { key: [ledger: string, number: number]; value: LedgerEntry }
  /** Tag of a holder (`h …`) or person (`p …`) → the entry it was met in first. */
  readonly tags: { key: string; value: [ledger: string, number: number] }
}

/** Everything the page keeps, in one IndexedDB of its origin. */
export type Home = IDBPDatabase<Schema>

const NAME = 'netcert-gate'
const VERSION = 1

/**
 * @param onLost - The browser closed the database under the page, for example because it was erased.
 * @throws DOMException where the browser keeps nothing, in a private window for one
 */
export function openHome(onLost: () => void, name = NAME): Promise<Home> {
  return openDB<Schema>(name, VERSION, {
    upgrade(db) {
      db.createObjectStore('device')
      db.createObjectStore('packs', { autoIncrement: true })
      db.createObjectStore('head')
      db.createObjectStore('entries', { keyPath: ['ledger', 'number'] })
      db.createObjectStore('tags')
    },
    // A newer version of the page in another tab goes first.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
    terminated: onLost,
  })
}

/** Whether the browser promised not to clear what the page keeps. */
export async function keepForGood(): Promise<'kept' | 'refused' | 'unknown'> {
  const storage = navigator.storage as StorageManager | undefined
  if (storage?.persist === undefined) return 'unknown'
  return (await storage.persisted()) || (await storage.persist()) ? 'kept' : 'refused'
}

/** Erases what belongs to an event: its lane with the keys, its tickets, its entries. */
export async function eraseEvent(home: Home): Promise<void> {
  const stores = ['head', 'entries', 'tags'] as const
  const act = home.transaction(['device', ...stores], 'readwrite', { durability: 'strict' })
  const device = act.objectStore('device')
  await Promise.all([
    device.delete('lane'),
    device.delete('tickets'),
    ...stores.map((store) => act.objectStore(store).clear()),
    act.done,
  ])
}

/** Erases everything this page ever kept on the device. */
export async function eraseHome(home: Home): Promise<void> {
  const stores = ['device', 'packs', 'head', 'entries', 'tags'] as const
  const act = home.transaction(stores, 'readwrite', { durability: 'strict' })
  await Promise.all([...stores.map((store) => act.objectStore(store).clear()), act.done])
}
