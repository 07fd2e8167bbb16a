import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseJws, resolveDidKey, verifyJws } from '@netcert/credential'
import { importVerifyingKey } from '@netcert/credential/crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databasesOn } from '../../../test/database-engines.js'
import type { Database } from './database.js'
import { type KeyStoreSchema, keyStoreMigrations } from './key-schema.js'
import type { StoredKey } from './key-row.js'
import { openKeyStore } from './key-store.js'
import { createMasterKey } from './master-key.js'
import { openVault } from './vault.js'
import { createNetcertAgent, createVcJwt, type NetcertAgent } from './veramo.js'

const IAT = Date.parse('2026-11-21T10:00:00Z') / 1000
const policies = { now: IAT + 60 }

describe.each(['P-256', 'Ed25519'] as const)('a VC-JWT signed with a %s key', (type) => {
  const databases = databasesOn('sqlite')
  let folder: string
  let agent: NetcertAgent
  let key: StoredKey
  let database: Database<KeyStoreSchema>

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'netcert-agent-'))
    const masterKeyFile = join(folder, 'master.key')
    await createMasterKey(masterKeyFile)
    const vault = await openVault({ masterKeyFile })
    const location = await databases.location()
    database = await databases.open({ location, migrations: keyStoreMigrations, create: true })
    const keyStore = await openKeyStore({ database, vault })
    key = await keyStore.create({ alias: 'registrar-1', type })
    agent = createNetcertAgent({ database, keyStore, clock: () => new Date() })
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const payload = () => ({
    iss: key.did,
    sub: 'https://shop.example',
    jti: 'a_1',
    iat: IAT,
    nbf: IAT,
    exp: IAT + 3600,
    purpose: [{ lang: 'en', value: 'Ticketing' }],
    status: { status_list: { idx: 4, uri: 'https://issuer.example/registrar/status/1' } },
    vc: {
      '@context': ['https://www.w3.org/2018/credentials/v1'],
      type: ['VerifiableCredential', 'PlatformAccreditation'],
      credentialSubject: { intended_use_id: 'ticketing' },
    },
  })
  const sign = () => createVcJwt(agent, { typ: 'rc-wrp+jwt', kid: key.keyId, payload: payload() })

  // One test, since the database of a test ends with it.
  it('is the very payload under its own typ, and holds for Veramo and for us', async () => {
    const token = await sign()
    const jws = parseJws(token, { algorithms: ['ES256', 'EdDSA'], maxDepth: 16 })
    expect(jws.header).toMatchObject({ typ: 'rc-wrp+jwt', kid: key.keyId })
    expect(jws.payload).toEqual(payload())
    await verifyJws(jws, await importVerifyingKey(resolveDidKey(key.did).jwk))
    const result = await agent.verifyCredential({ credential: token, policies })
    expect(result.error).toBeUndefined()
    expect(result.verified).toBe(true)

    const [header = '', body = '', signature = ''] = token.split('.')
    const forged = Buffer.from(JSON.stringify({ ...payload(), sub: 'https://other.example' }))
    const other = [header, forged.toString('base64url'), signature].join('.')
    expect((await agent.verifyCredential({ credential: other, policies })).verified).toBe(false)
    const late = { now: IAT + 86_400 }
    const over = { credential: [header, body, signature].join('.'), policies: late }
    expect((await agent.verifyCredential(over)).verified).toBe(false)

    const stranger = {
      ...payload(),
      iss: 'did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169',
    }
    const made = createVcJwt(agent, { typ: 'rc-wrp+jwt', kid: 'x', payload: stranger })
    await expect(made).rejects.toMatchObject({ code: 'did_unknown' })
  })
})
