import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { resolveDidKey } from '@netcert/credential'
import { importVerifyingKey, verifySignature } from '@netcert/credential/crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../test/database-engines.js'
import type { Database, DatabaseLocation } from './database.js'
import { type KeyStoreSchema, keyStoreMigrations } from './key-schema.js'
import { openKeyStore } from './key-store.js'
import { createMasterKey } from './master-key.js'
import { openVault, type Vault } from './vault.js'

const message = new TextEncoder().encode('what is signed')

describe.each(engines)('a key store on %s', (engine) => {
  const databases = databasesOn(engine)
  let folder: string
  let location: DatabaseLocation
  let vault: Vault

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'netcert-keys-'))
    location = await databases.location()
    vault = await newVault('master.key')
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  async function newVault(name: string): Promise<Vault> {
    const masterKeyFile = join(folder, name)
    await createMasterKey(masterKeyFile)
    return openVault({ masterKeyFile })
  }

  async function open(): Promise<Database<KeyStoreSchema>> {
    const options = { location, migrations: keyStoreMigrations, create: true }
    return databases.open<KeyStoreSchema>(options)
  }

  it.each(['P-256', 'Ed25519'] as const)(
    'signs with a %s key that its DID verifies',
    async (type) => {
      const keys = await openKeyStore({ database: await open(), vault })
      const stored = await keys.create({ alias: 'issuer-1', type })
      const signer = await keys.signer('issuer-1')
      expect(signer).toMatchObject({ did: stored.did, keyId: stored.keyId })
      expect(signer.alg).toBe(type === 'P-256' ? 'ES256' : 'EdDSA')
      expect(resolveDidKey(stored.did).jwk).toEqual(stored.jwk)
      const signature = await signer.sign(message)
      expect(signature).toHaveLength(64)
      const key = await importVerifyingKey(stored.jwk)
      expect(await verifySignature(key, message, signature)).toBe(true)
      expect(await verifySignature(key, message.subarray(1), signature)).toBe(false)
    },
  )

  it('gives WebCrypto a handle that signs, cannot be exported, and is of that key alone', async () => {
    const keys = await openKeyStore({ database: await open(), vault })
    const { jwk } = await keys.create({ alias: 'dpop-1', type: 'P-256' })
    const handle = await keys.signingKey('dpop-1')
    const algorithm = { name: 'ECDSA', hash: 'SHA-256' }
    const signature = new Uint8Array(await crypto.subtle.sign(algorithm, handle, message))
    const key = await importVerifyingKey(jwk)
    expect(await verifySignature(key, message, signature)).toBe(true)
    await expect(crypto.subtle.exportKey('jwk', handle)).rejects.toThrow(/extractable/)
    await keys.delete('dpop-1')
    await expect(keys.signingKey('dpop-1')).rejects.toMatchObject({ code: 'key_unknown' })
  })

  it('keeps keys apart under a master key of their own, which is read when one signs', async () => {
    const other = await newVault('other.key')
    let asked = 0
    const vaultOfKeys = async () => {
      asked += 1
      return other
    }
    const apart = { aliases: new Set(['issuer-1']), vault: vaultOfKeys }
    const database = await open()
    const keys = await openKeyStore({ database, vault, apart })
    const made = await keys.createMany({ aliases: ['status-1', 'issuer-1'], type: 'P-256' })
    const reopened = await openKeyStore({ database, vault, apart })
    asked = 0
    expect(await reopened.get('issuer-1')).toEqual(made[1])
    await reopened.signer('status-1')
    expect(asked).toBe(0)
    expect(await reopened.signer('issuer-1')).toMatchObject({ did: made[1]!.did })
    expect(asked).toBe(1)
    const without = await openKeyStore({ database, vault })
    await expect(without.signer('issuer-1')).rejects.toMatchObject({ code: 'sealed_wrong' })
    await expect(without.sealApart('issuer-1')).rejects.toThrow('not kept apart')
  })

  it('seals a key apart that was not, once, and no other key', async () => {
    const other = await newVault('other.key')
    const database = await open()
    const before = await openKeyStore({ database, vault })
    const { did } = await before.create({ alias: 'issuer-1', type: 'Ed25519' })
    const apart = { aliases: new Set(['issuer-1', 'missing']), vault: async () => other }
    const keys = await openKeyStore({ database, vault, apart })
    expect(await keys.sealApart('issuer-1')).toBe(true)
    expect(await keys.sealApart('issuer-1')).toBe(false)
    expect(await keys.signer('issuer-1')).toMatchObject({ did })
    await expect(keys.sealApart('missing')).rejects.toMatchObject({ code: 'key_unknown' })
    await expect(keys.sealApart('status-1')).rejects.toThrow('not kept apart')
  })

  it('gives the same key after it was closed and opened', async () => {
    const first = await openKeyStore({ database: await open(), vault })
    const stored = await first.create({ alias: 'root', type: 'Ed25519' })
    const second = await openKeyStore({ database: await open(), vault })
    expect(await second.get('root')).toEqual(stored)
    expect((await second.signer('root')).did).toBe(stored.did)
  })

  it('makes many keys in one go, in the order asked for', async () => {
    const keys = await openKeyStore({ database: await open(), vault })
    const aliases = Array.from({ length: 450 }, (_, index) => `holder-${index}`)
    const made = await keys.createMany({ aliases, type: 'P-256' })
    expect(made.map((key) => key.alias)).toEqual(aliases)
    expect(new Set(made.map((key) => key.did)).size).toBe(450)
    expect(await keys.list()).toHaveLength(450)
  })

  it('makes none of many keys when one alias is taken', async () => {
    const keys = await openKeyStore({ database: await open(), vault })
    await keys.create({ alias: 'holder-449', type: 'P-256' })
    const aliases = Array.from({ length: 450 }, (_, index) => `holder-${index}`)
    await expect(keys.createMany({ aliases, type: 'P-256' })).rejects.toMatchObject({
      code: 'key_exists',
    })
    expect(await keys.list()).toHaveLength(1)
  })

  it.each(['', 'a b', '../a', 'a'.repeat(129), 'a|b', '-a'])(
    'refuses the alias "%s"',
    async (alias) => {
      const keys = await openKeyStore({ database: await open(), vault })
      const made = keys.create({ alias, type: 'P-256' })
      await expect(made).rejects.toMatchObject({ code: 'alias_malformed' })
    },
  )

  it('says so when a key is not there', async () => {
    const keys = await openKeyStore({ database: await open(), vault })
    expect(await keys.get('nobody')).toBeUndefined()
    await expect(keys.signer('nobody')).rejects.toMatchObject({ code: 'key_unknown' })
    await keys.create({ alias: 'nobody', type: 'P-256' })
    expect((await keys.signer('nobody')).alg).toBe('ES256')
  })

  it('signs no more with a deleted key', async () => {
    const keys = await openKeyStore({ database: await open(), vault })
    await keys.create({ alias: 'gone', type: 'P-256' })
    await keys.signer('gone')
    await keys.delete('gone')
    await expect(keys.signer('gone')).rejects.toMatchObject({ code: 'key_unknown' })
    await keys.delete('gone')
  })

  it('refuses the master key of another database at start', async () => {
    const database = await open()
    await openKeyStore({ database, vault })
    const other = await newVault('other.key')
    await expect(openKeyStore({ database, vault: other })).rejects.toMatchObject({
      code: 'master_key_wrong',
    })
  })

  it('refuses any master key when the check value was removed', async () => {
    const database = await open()
    const keys = await openKeyStore({ database, vault })
    await keys.create({ alias: 'issuer-1', type: 'P-256' })
    await database.kysely.deleteFrom('vault_check').execute()
    await expect(openKeyStore({ database, vault })).rejects.toMatchObject({
      code: 'database_damaged',
    })
  })

  it('agrees on one master key when several open a new database at once', async () => {
    const vaults = [vault, await newVault('second.key'), await newVault('third.key')]
    const database = await open()
    const opened = await Promise.allSettled(
      vaults.map((one) => openKeyStore({ database, vault: one })),
    )
    expect(opened.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
  })

  it.each([
    ['sealed keys', ['sealed'], 'sealed_wrong'],
    ['public halves', ['did', 'key_id', 'jwk'], 'key_damaged'],
  ] as const)('refuses to sign with rows whose %s were swapped', async (_what, columns, code) => {
    const database = await open()
    const keys = await openKeyStore({ database, vault })
    await keys.createMany({ aliases: ['a', 'b', 'spare'], type: 'P-256' })
    await swapColumns(database, columns)
    const reopened = await openKeyStore({ database, vault })
    await expect(reopened.signer('a')).rejects.toMatchObject({ code })
    await expect(reopened.signer('b')).rejects.toMatchObject({ code })
    expect((await reopened.signer('spare')).alg).toBe('ES256')
  })

  it('refuses to sign with a key whose type was changed', async () => {
    const database = await open()
    const keys = await openKeyStore({ database, vault })
    await keys.create({ alias: 'a', type: 'P-256' })
    await database.kysely.updateTable('keys').set({ type: 'Ed25519' }).execute()
    await expect(keys.signer('a')).rejects.toMatchObject({ code: 'sealed_wrong' })
  })
})

type KeyRow = KeyStoreSchema['keys']

async function swapColumns(
  database: Database<KeyStoreSchema>,
  columns: readonly ('sealed' | 'did' | 'key_id' | 'jwk')[],
): Promise<void> {
  await database.transaction(async (trx) => {
    const rows = await trx.selectFrom('keys').selectAll().orderBy('alias').execute()
    const [a, b] = rows as [KeyRow, KeyRow]
    const take = (row: KeyRow) => Object.fromEntries(columns.map((name) => [name, row[name]]))
    const parked = Object.fromEntries(columns.map((name) => [name, `parked-${name}`]))
    for (const [alias, values] of [
      ['b', parked],
      ['a', take(b)],
      ['b', take(a)],
    ] as const) {
      await trx.updateTable('keys').set(values).where('alias', '=', alias).execute()
    }
  })
}
