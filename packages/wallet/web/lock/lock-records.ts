import { type DBSchema, type IDBPDatabase, openDB } from 'idb'

/** The vault's key, sealed under what a PIN or a passkey gives. */
export type WrappedKey = {
  readonly salt: Uint8Array
  readonly nonce: Uint8Array
  readonly sealed: Uint8Array
}

/** Cost of scrypt, as it was when the PIN was set. */
export type PinCost = { readonly N: number; readonly r: number; readonly p: number }

export type PinRecord = WrappedKey & { readonly cost: PinCost }
export type PasskeyRecord = WrappedKey & { readonly credentialId: Uint8Array }

/** Wrong PINs in a row, and until when the next is not looked at (seconds since 1970). */
export type PinTries = { readonly failures: number; readonly waitUntil: number }

export type LockChoices = {
  /** Wrong PINs in a row after which everything is erased; null: never. */
  readonly wipeAfter: number | null
  /** Seconds without a touch after which the wallet closes by itself. */
  readonly lockAfterSeconds: number
}

/** How the page is to look and speak; null: as the device does. */
export type Appearance = {
  readonly language: 'zh-CN' | 'en' | null
  readonly look: 'light' | 'dark' | null
}

type Records = {
  /** Made non-extractable: what was copied out of this browser opens nothing elsewhere. */
  readonly device: CryptoKey
  readonly pin: PinRecord
  readonly passkey: PasskeyRecord
  readonly tries: PinTries
  readonly choices: LockChoices
  readonly appearance: Appearance
  /** When the published lists were copied last, seconds since 1970. */
  readonly listsCopiedAt: number
  /** The wallet was erased, and what the browser still has of it is to go yet. */
  readonly erasing: true
}

type LockSchema = DBSchema & {
  readonly lock: { key: keyof Records; value: Records[keyof Records] }
}

/** What can be read while the wallet is closed: nothing in it opens it alone. */
export type LockRecords = {
  get<Name extends keyof Records>(name: Name): Promise<Records[Name] | undefined>
  /** On the disk when it resolves. */
  put<Name extends keyof Records>(name: Name, record: Records[Name]): Promise<void>
  remove(name: keyof Records): Promise<void>
  /** Forgets all of them, and notes in the same step that the rest of the wallet is to go. */
  beginErasing(): Promise<void>
  close(): void
}

/**
 * Opens them, in a database of this origin.
 *
 * @param onLost - The browser erased it under the page.
 */
export async function openLockRecords(
  name: string,
  onLost: () => void = () => undefined,
): Promise<LockRecords> {
  const database: IDBPDatabase<LockSchema> = await openDB<LockSchema>(name, 1, {
    upgrade: (db) => void db.createObjectStore('lock'),
    blocking: (_version, _next, event) => {
      if (event.target instanceof IDBDatabase) event.target.close()
      onLost()
    },
    terminated: onLost,
  })
  const write = async (work: (store: ReturnType<typeof writable>['store']) => Promise<unknown>) => {
    const transaction = writable(database)
    await work(transaction.store)
    await transaction.done
  }
  return {
    // Each name has its own kind of record, which the schema of a library cannot say.
    get: async (key) => (await database.get('lock', key)) as never,
    put: (key, record) => write((store) => store.put(record, key)),
    remove: (key) => write((store) => store.delete(key)),
    beginErasing: () =>
      write(async (store) => {
        await store.clear()
        await store.put(true, 'erasing')
      }),
    close: () => database.close(),
  }
}

function writable(database: IDBPDatabase<LockSchema>) {
  return database.transaction('lock', 'readwrite', { durability: 'strict' })
}
