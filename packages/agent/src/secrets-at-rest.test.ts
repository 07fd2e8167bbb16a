import { randomBytes, randomInt } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type StampRows, stamp, stamps } from '../../../test/stamps-schema.js'
import { type Database, openDatabase } from './database.js'
import { generateKey, importPrivateKey } from './key-pair.js'
import { type KeyStoreSchema, keyStoreMigrations } from './key-schema.js'
import { openKeyStore } from './key-store.js'
import { createMasterKey } from './master-key.js'
import { openVault } from './vault.js'

let folder: string
let database: Database<KeyStoreSchema & StampRows>

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcert-rest-'))
  database = await openDatabase({
    location: { sqlite: join(folder, 'data', 'test.sqlite') },
    migrations: [...keyStoreMigrations, stamps],
    create: true,
  })
})
afterEach(async () => {
  await database.close()
  await rm(folder, { recursive: true, force: true })
})

/** Everything on disk: pages in use, free pages, the log and its index. */
async function bytesAtRest(): Promise<string> {
  const data = join(folder, 'data')
  const files = await readdir(data)
  const read = await Promise.all(files.map((name) => readFile(join(data, name))))
  return Buffer.concat(read).toString('latin1')
}

function spellings(secret: Uint8Array): string[] {
  const buffer = Buffer.from(secret)
  const encoded = [buffer.toString('base64url'), buffer.toString('base64'), buffer.toString('hex')]
  return [buffer.toString('latin1'), ...encoded]
}

describe('the files of a database', () => {
  it('hold no private key, nor the master key, in any spelling', async () => {
    const masterKeyFile = join(folder, 'master.key')
    await createMasterKey(masterKeyFile)
    const vault = await openVault({ masterKeyFile })
    const keys = await openKeyStore({ database, vault })
    await keys.createMany({ aliases: ['a', 'b', 'c'], type: 'P-256' })
    await keys.create({ alias: 'd', type: 'Ed25519' })
    const rows = await database.kysely.selectFrom('keys').selectAll().execute()
    const secrets = rows.map((row) => {
      const type = row.type === 'P-256' ? 'P-256' : 'Ed25519'
      const pkcs8 = vault.unseal(row.sealed, `netcert/key/v1|${row.type}|${row.alias}`)
      const { d = '' } = importPrivateKey(type, pkcs8).key.export({ format: 'jwk' })
      return Buffer.from(d, 'base64url')
    })
    secrets.push(Buffer.from((await readFile(masterKeyFile, 'utf8')).slice(21, 64), 'base64url'))
    const found = await bytesAtRest()
    expect(secrets).toHaveLength(5)
    for (const secret of secrets) {
      expect(secret).toHaveLength(32)
      for (const spelling of spellings(secret)) expect(found.includes(spelling)).toBe(false)
    }
    // The search itself works: what is public is found.
    for (const row of rows) expect(found.includes(row.did)).toBe(true)
  })

  it('hold nothing of a deleted row once the log is emptied', async () => {
    const marker = 'MARKER-OF-A-PERSON'
    const rows = Array.from({ length: 300 }, (_, index) => ({
      ...stamp(`n${index}`),
      note: marker.repeat(5),
    }))
    await database.kysely.insertInto('stamps').values(rows).execute()
    await database.kysely.deleteFrom('stamps').where('value', '=', 1).execute()
    expect((await bytesAtRest()).includes(marker)).toBe(true)
    await database.checkpoint()
    expect((await bytesAtRest()).includes(marker)).toBe(false)
  })

  it('hold nothing of rows deleted from pages that were split, once the file is built anew', async () => {
    const gone: string[] = []
    const live: string[] = []
    for (let round = 0; round < 300; round += 1) {
      const name = `n-${randomBytes(16).toString('hex')}`
      live.push(name)
      await database.kysely
        .insertInto('stamps')
        .values({ ...stamp(name), note: randomBytes(300).toString('hex') })
        .execute()
      if (round < 100) continue
      const [victim = ''] = live.splice(randomInt(live.length), 1)
      await database.kysely.deleteFrom('stamps').where('id', '=', victim).execute()
      gone.push(victim)
    }
    await database.rewrite()
    const bytes = await bytesAtRest()
    expect(gone.filter((name) => bytes.includes(name))).toEqual([])
    expect(live.filter((name) => !bytes.includes(name))).toEqual([])
  })

  it('are not called clean while somebody still reads the old pages', async () => {
    await database.kysely.insertInto('stamps').values(stamp('a')).execute()
    const reading = await database.kysely.startTransaction().setAccessMode('read only').execute()
    await reading.selectFrom('stamps').selectAll().execute()
    await database.kysely.deleteFrom('stamps').execute()
    await expect(database.checkpoint()).rejects.toMatchObject({ code: 'checkpoint_busy' })
    await reading.commit().execute()
    await database.checkpoint()
  })
})

describe('a key pair', () => {
  it('is made asynchronously, hundreds at a time, each different', async () => {
    const made = await Promise.all(Array.from({ length: 500 }, () => generateKey('P-256')))
    expect(new Set(made.map((one) => JSON.stringify(one.jwk))).size).toBe(500)
  })
})
