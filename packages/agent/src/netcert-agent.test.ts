import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../test/database-engines.js'
import type { Database } from './database.js'
import { type KeyStoreSchema, keyStoreMigrations } from './key-schema.js'
import { type KeyStore, openKeyStore } from './key-store.js'
import { createMasterKey } from './master-key.js'
import { openVault, type Vault } from './vault.js'
import { createNetcertAgent, type NetcertAgent, SealedPrivateKeyStore } from './veramo.js'

const ISSUED = '2026-01-01T00:00:00.000Z'

describe.each(engines)('a Veramo agent on %s', (engine) => {
  const databases = databasesOn(engine)
  let folder: string
  let vault: Vault
  let database: Database<KeyStoreSchema>
  let keyStore: KeyStore
  let agent: NetcertAgent

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'netcert-agent-'))
    const masterKeyFile = join(folder, 'master.key')
    await createMasterKey(masterKeyFile)
    vault = await openVault({ masterKeyFile })
  })
  beforeEach(async () => {
    const location = await databases.location()
    database = await databases.open({ location, migrations: keyStoreMigrations, create: true })
    keyStore = await openKeyStore({ database, vault })
    agent = newAgent()
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const newAgent = () => createNetcertAgent({ database, keyStore, clock: () => new Date() })

  describe('identifiers', () => {
    it('are made for P-256 unless asked otherwise, and resolved', async () => {
      const identifier = await agent.didManagerCreate({ alias: 'platform' })
      expect(identifier.did).toMatch(/^did:key:zDn/)
      expect(identifier.keys[0]?.type).toBe('Secp256r1')
      const resolved = await agent.resolveDid({ didUrl: identifier.did })
      expect(resolved.didDocument?.verificationMethod?.[0]?.publicKeyJwk).toMatchObject({
        crv: 'P-256',
      })
    })

    it('are made for Ed25519 when asked', async () => {
      const options = { keyType: 'Ed25519' }
      const { did } = await agent.didManagerCreate({ alias: 'platform', options })
      expect(did).toMatch(/^did:key:z6Mk/)
    })

    it('are not made for a key type that is not ours', async () => {
      const made = agent.didManagerCreate({ alias: 'x', options: { keyType: 'Secp256k1' } })
      await expect(made).rejects.toMatchObject({ code: 'key_type' })
      expect(await keyStore.list()).toEqual([])
    })

    it('are the ones of every key in the store', async () => {
      const stored = await keyStore.create({ alias: 'issuer-1', type: 'P-256' })
      expect(await agent.didManagerGet({ did: stored.did })).toMatchObject({ alias: 'issuer-1' })
      expect(await agent.didManagerGetByAlias({ alias: 'issuer-1' })).toMatchObject({
        did: stored.did,
      })
      expect(await agent.didManagerFind()).toHaveLength(1)
    })

    it('are found again by a new agent on the same database', async () => {
      const { did } = await agent.didManagerCreate({ alias: 'platform' })
      expect((await newAgent().didManagerGetByAlias({ alias: 'platform' })).did).toBe(did)
    })

    it('are one, however many ask for it at once', async () => {
      const agents = [agent, newAgent(), newAgent()]
      const asked = Array.from({ length: 12 }, (_, index) =>
        agents[index % 3]!.didManagerGetOrCreate({ alias: 'registrar-1' }),
      )
      const found = await Promise.all(asked)
      expect(new Set(found.map((one) => one.did)).size).toBe(1)
      expect(await keyStore.list()).toHaveLength(1)
    })

    it('keep one alias for one identifier', async () => {
      await keyStore.create({ alias: 'issuer-1', type: 'P-256' })
      const { did } = await agent.didManagerCreate({ alias: 'platform' })
      await expect(agent.didManagerSetAlias({ did, alias: 'issuer-1' })).rejects.toMatchObject({
        code: 'did_exists',
      })
      await expect(agent.didManagerCreate({ alias: 'issuer-1' })).rejects.toThrow('already exists')
      await agent.didManagerSetAlias({ did, alias: 'shop' })
      expect((await agent.didManagerGetByAlias({ alias: 'shop' })).did).toBe(did)
    })

    it('go with their key when they are deleted', async () => {
      const { did } = await agent.didManagerCreate({ alias: 'platform' })
      await agent.didManagerDelete({ did })
      await expect(agent.didManagerGet({ did })).rejects.toMatchObject({ code: 'did_unknown' })
      expect(await keyStore.list()).toEqual([])
    })

    it('cannot be changed, being nothing but a key', async () => {
      const { did } = await agent.didManagerCreate({ alias: 'platform' })
      const service = { id: '#x', type: 'X', serviceEndpoint: 'https://platform.example' }
      await expect(agent.didManagerAddService({ did, service })).rejects.toMatchObject({
        code: 'did_malformed',
      })
    })

    it('do not resolve when they are not canonical', async () => {
      const { didDocument, didResolutionMetadata } = await agent.resolveDid({
        didUrl: 'did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktHx',
      })
      expect(didDocument).toBeNull()
      expect(didResolutionMetadata.error).toBe('invalidDid')
    })
  })

  describe('keys', () => {
    it('sign with their own algorithm and no other', async () => {
      const { kid } = await agent.keyManagerCreate({ kms: 'netcert', type: 'Secp256r1' })
      const signed = await agent.keyManagerSign({ keyRef: kid, data: 'x', algorithm: 'ES256' })
      expect(Buffer.from(signed, 'base64url')).toHaveLength(64)
      const wrong = agent.keyManagerSign({ keyRef: kid, data: 'x', algorithm: 'EdDSA' })
      await expect(wrong).rejects.toMatchObject({ code: 'key_type' })
    })

    it('never show their private half', async () => {
      const created = await agent.keyManagerCreate({ kms: 'netcert', type: 'Ed25519' })
      const got = await agent.keyManagerGet({ kid: created.kid })
      expect(JSON.stringify([created, got])).not.toMatch(/private/i)
    })

    it.each([
      ['Secp256r1', '5'.repeat(64)],
      ['Ed25519', '7'.repeat(64)],
    ] as const)('of type %s can be brought in', async (type, privateKeyHex) => {
      const key = { kms: 'netcert', kid: 'brought', type, privateKeyHex }
      const { publicKeyHex } = await agent.keyManagerImport(key)
      expect((await keyStore.get('brought'))?.type).toBe(type === 'Ed25519' ? type : 'P-256')
      expect(publicKeyHex).toHaveLength(type === 'Ed25519' ? 64 : 66)
    })

    it.each(['0'.repeat(64), 'f'.repeat(64), '00'])('cannot be brought in as %s', async (hex) => {
      const key = { kms: 'netcert', type: 'Secp256r1' as const, privateKeyHex: hex }
      await expect(agent.keyManagerImport(key)).rejects.toMatchObject({ code: 'key_damaged' })
    })

    it('sign no more after they were deleted', async () => {
      const { kid } = await agent.keyManagerCreate({ kms: 'netcert', type: 'Secp256r1' })
      await agent.keyManagerSign({ keyRef: kid, data: 'x' })
      await agent.keyManagerDelete({ kid })
      await expect(agent.keyManagerSign({ keyRef: kid, data: 'x' })).rejects.toMatchObject({
        code: 'key_unknown',
      })
    })

    it('of other systems are kept sealed, each in its place', async () => {
      const store = new SealedPrivateKeyStore(database, vault)
      const key = { alias: 'k1', type: 'Secp256k1', privateKeyHex: 'ab'.repeat(32) } as const
      await store.importKey(key)
      await store.importKey({ ...key, alias: 'k2' })
      expect(await store.getKey({ alias: 'k1' })).toEqual(key)
      await expect(store.importKey(key)).rejects.toMatchObject({ code: 'key_exists' })
      const rows = await database.kysely.selectFrom('veramo_private_keys').selectAll().execute()
      expect(JSON.stringify(rows)).not.toContain(key.privateKeyHex)
      const sealed = rows.find((row) => row.alias === 'k2')!.sealed
      await database.kysely
        .updateTable('veramo_private_keys')
        .set({ sealed })
        .where('alias', '=', 'k1')
        .execute()
      await expect(store.getKey({ alias: 'k1' })).rejects.toMatchObject({ code: 'sealed_wrong' })
    })
  })

  describe.each(['Secp256r1', 'Ed25519'] as const)('W3C credentials with %s', (keyType) => {
    async function issue() {
      const issuer = await agent.didManagerCreate({ alias: 'registrar-1', options: { keyType } })
      const credential = {
        issuer: issuer.did,
        issuanceDate: ISSUED,
        type: ['PlatformAccreditation'],
        credentialSubject: { id: 'https://tickets.example', purpose: 'age' },
      }
      return agent.createVerifiableCredential({ credential, proofFormat: 'jwt' })
    }

    it('are issued as VC-JWT and verified', async () => {
      const issued = await issue()
      const jwt = issued.proof['jwt'] as string
      const header = JSON.parse(Buffer.from(jwt.split('.')[0]!, 'base64url').toString())
      expect(header).toMatchObject({ alg: keyType === 'Ed25519' ? 'EdDSA' : 'ES256' })
      expect(await agent.verifyCredential({ credential: jwt })).toMatchObject({ verified: true })
      expect(await agent.verifyCredential({ credential: issued })).toMatchObject({ verified: true })
    })

    it('are refused when a claim was changed', async () => {
      const jwt = (await issue()).proof['jwt'] as string
      const [header, payload, signature] = jwt.split('.') as [string, string, string]
      const text = Buffer.from(payload, 'base64url').toString().replace('"age"', '"all"')
      const changed = [header, Buffer.from(text).toString('base64url'), signature].join('.')
      expect(await agent.verifyCredential({ credential: changed })).toMatchObject({
        verified: false,
      })
    })

    it('are refused when another key signed them', async () => {
      const issued = await issue()
      const other = await agent.didManagerCreate({ alias: 'other', options: { keyType } })
      const [header, payload] = (issued.proof['jwt'] as string).split('.')
      const data = `${header}.${payload}`
      const signature = await agent.keyManagerSign({ keyRef: other.keys[0]!.kid, data })
      expect(await agent.verifyCredential({ credential: `${data}.${signature}` })).toMatchObject({
        verified: false,
      })
    })
  })
})

describe('a Veramo agent', () => {
  const before = process.env['DEBUG']
  afterEach(() => {
    if (before === undefined) delete process.env['DEBUG']
    else process.env['DEBUG'] = before
  })

  it('does not start while the environment makes Veramo print', () => {
    process.env['DEBUG'] = 'veramo:*'
    const nothing = {} as never
    const create = () =>
      createNetcertAgent({ database: nothing, keyStore: nothing, clock: () => new Date() })
    expect(create).toThrow(expect.objectContaining({ code: 'debug_refused' }))
  })
})
