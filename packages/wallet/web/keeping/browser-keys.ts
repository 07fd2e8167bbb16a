import { createDidKey, createSigner } from '@netcert/credential'
import { generateSigningKey } from '@netcert/credential/crypto'
import { type KeyStore, type OwnKey, WalletError } from '@netcert/wallet/rules'
import { type KeptKey, type WalletDatabase, write } from './database.js'

/**
 * Keys that WebCrypto made and gives to nobody, this page included: IndexedDB holds what can sign, not
 * what could be copied.
 */
export function browserKeys(database: WalletDatabase, clock: () => Date): KeyStore {
  const createMany: KeyStore['createMany'] = async ({ aliases }) => {
    // Before the transaction, which ends as soon as it waits for anything but the database.
    const made = await Promise.all(aliases.map((alias) => makeKey(alias, clock())))
    await write(database, ['keys'], async (transaction) => {
      for (const key of made) await transaction.objectStore('keys').add(key)
    })
    return made.map(ownKey)
  }
  return {
    createMany,
    create: async ({ alias, type }) => {
      const [key] = await createMany({ aliases: [alias], type })
      if (key === undefined) throw new TypeError('one alias gives one key')
      return key
    },
    get: async (alias) => {
      const kept = await database.get('keys', alias)
      return kept && ownKey(kept)
    },
    signer: async (alias) => createSigner(await keyOf(database, alias)),
    // In the types of this program the handle is Node's; the page has the browser's.
    signingKey: async (alias) => (await keyOf(database, alias)).key.handle as unknown as CryptoKey,
    delete: async (alias) => {
      await write(database, ['keys'], (it) => it.objectStore('keys').delete(alias))
    },
  }
}

/** @throws WalletError `key_unknown`, as a wallet on a disk: a copy whose key is gone is used up */
async function keyOf(database: WalletDatabase, alias: string): Promise<KeptKey> {
  const kept = await database.get('keys', alias)
  if (kept !== undefined) return kept
  throw new WalletError('key_unknown', 'the key of that name was used up or forgotten.')
}

async function makeKey(alias: string, now: Date): Promise<KeptKey> {
  const { key, jwk } = await generateSigningKey('ES256')
  const created = Math.floor(now.getTime() / 1000)
  return { alias, did: createDidKey(jwk), jwk, key, created_at: created }
}

function ownKey({ alias, did, jwk }: KeptKey): OwnKey {
  return { alias, did, jwk }
}
