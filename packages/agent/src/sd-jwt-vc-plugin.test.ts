import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTrustList, generateSigner, NETWORK_CERTIFICATE } from '@netcert/credential'
import { createAgent } from '@veramo/core'
import { Ajv } from 'ajv'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from './database.js'
import { type KeyStoreSchema, keyStoreMigrations } from './key-schema.js'
import type { StoredKey } from './key-row.js'
import { openKeyStore } from './key-store.js'
import { createMasterKey } from './master-key.js'
import { openVault } from './vault.js'
import {
  createNetcertAgent,
  type NetcertAgent,
  SdJwtVcPlugin,
  type SdJwtVcVerifyArgs,
  sdJwtVcSchema,
} from './veramo.js'

const NOW = new Date('2026-06-01T12:34:56Z')
const DAY_MILLISECONDS = 86_400_000
const inDays = (days: number) => new Date(NOW.getTime() + days * DAY_MILLISECONDS)
const root = await generateSigner('ES256')

let folder: string
let database: Database<KeyStoreSchema>
let agent: NetcertAgent
let issuer: StoredKey
let holder: StoredKey
let trustList: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcert-plugin-'))
  const location = { sqlite: join(folder, 'agent.sqlite') }
  database = await openDatabase({ location, migrations: keyStoreMigrations, create: true })
  const masterKeyFile = join(folder, 'master.key')
  await createMasterKey(masterKeyFile)
  const keyStore = await openKeyStore({ database, vault: await openVault({ masterKeyFile }) })
  issuer = await keyStore.create({ alias: 'issuer-1', type: 'P-256' })
  holder = await keyStore.create({ alias: 'holder-1', type: 'P-256' })
  agent = createNetcertAgent({ database, keyStore, clock: () => NOW })
  trustList = await listIssuer(issuer.did)
})
afterAll(async () => {
  await database.close()
  await rm(folder, { recursive: true, force: true })
})

function listIssuer(did: string): Promise<string> {
  const window = { notBefore: inDays(-1), notAfter: inDays(100) }
  const listed = {
    did,
    mechanism: 'did:key',
    statusUriPrefix: 'https://status.example/',
    types: [NETWORK_CERTIFICATE],
    keys: [{ did, use: 'credential', ...window }],
  } as const
  const times = { issuedAt: inDays(-1), expiresAt: inDays(20) }
  const content = { sequence: 1, nextRoot: null, issuers: [listed], registrars: [], ...times }
  return createTrustList({ rootSigner: root.signer, content })
}

async function mint(): Promise<string> {
  const claims = {
    network_number: 'AAAAABBBBBCCCCCDDDDD12',
    real_person: 'document+face',
    age_equal_or_over: { '18': true },
    family_name: '王',
  }
  const { credential } = await agent.sdJwtVcMint({
    issuer: issuer.did,
    type: NETWORK_CERTIFICATE,
    holderJwk: holder.jwk,
    claims,
    expiresAt: inDays(7).toISOString(),
  })
  return credential
}

async function present(changes: { paths?: string[][]; nonce?: string } = {}): Promise<string> {
  const { presentation } = await agent.sdJwtVcPresent({
    credential: await mint(),
    paths: changes.paths ?? [['age_equal_or_over', '18']],
    audience: 'x509_hash:tickets',
    nonce: changes.nonce ?? 'nonce-of-this-session',
  })
  return presentation
}

function verifyArgs(presentation: string): SdJwtVcVerifyArgs {
  const rootDids = [root.signer.did]
  return {
    presentation,
    trust: { trustList, rootDids, minimumSequence: 0, statusLists: [] },
    demands: {
      audience: 'x509_hash:tickets',
      nonce: 'nonce-of-this-session',
      maxAgeSeconds: 120,
      freshness: 'grace-24h',
      types: [NETWORK_CERTIFICATE],
      claimSets: [[{ path: ['age_equal_or_over', '18'], values: [true] }]],
    },
  }
}

describe('network certificates as agent methods', () => {
  it('are minted, presented and verified', async () => {
    const result = await agent.sdJwtVcVerify(verifyArgs(await present()))
    expect(result).toMatchObject({
      issuer: issuer.did,
      vct: NETWORK_CERTIFICATE,
      claims: { age_equal_or_over: { '18': true } },
      role: 'self',
      freshness: { verdict: 'valid' },
    })
    expect(result.claims).not.toHaveProperty('family_name')
    expect(JSON.parse(JSON.stringify(result))).toEqual(result)
  })

  it('are refused for another verifier or another request', async () => {
    const args = verifyArgs(await present())
    const elsewhere = { ...args, demands: { ...args.demands, audience: 'x509_hash:other' } }
    await expect(agent.sdJwtVcVerify(elsewhere)).rejects.toMatchObject({ code: 'kb_aud' })
    const later = { ...args, demands: { ...args.demands, nonce: 'another' } }
    await expect(agent.sdJwtVcVerify(later)).rejects.toMatchObject({ code: 'kb_nonce' })
  })

  it('are refused when the issuer is not on the trust list', async () => {
    const args = verifyArgs(await present())
    const trust = { ...args.trust, trustList: await listIssuer(holder.did) }
    await expect(agent.sdJwtVcVerify({ ...args, trust })).rejects.toMatchObject({
      code: 'issuer_untrusted',
    })
  })

  it('are refused when what was asked for is not shown', async () => {
    const args = verifyArgs(await present({ paths: [['real_person']] }))
    await expect(agent.sdJwtVcVerify(args)).rejects.toMatchObject({ code: 'query_unsatisfied' })
  })

  it('are refused with a status list that cannot be taken in', async () => {
    const args = verifyArgs(await present())
    const trust = { ...args.trust, statusLists: ['not.a.list'] }
    await expect(agent.sdJwtVcVerify({ ...args, trust })).rejects.toMatchObject({
      name: 'CredentialError',
    })
  })

  it('are not minted by an issuer, nor presented by a holder, that is not the agent’s', async () => {
    const stranger = await generateSigner('ES256')
    const minted = {
      issuer: stranger.signer.did,
      type: NETWORK_CERTIFICATE,
      holderJwk: stranger.jwk,
      claims: { network_number: 'AAAAABBBBBCCCCCDDDDD12', real_person: 'document' },
      expiresAt: inDays(1).toISOString(),
    }
    await expect(agent.sdJwtVcMint(minted)).rejects.toMatchObject({ code: 'did_unknown' })
    const { credential } = await agent.sdJwtVcMint({ ...minted, issuer: issuer.did })
    const shown = { credential, paths: [], audience: 'a', nonce: 'n' }
    await expect(agent.sdJwtVcPresent(shown)).rejects.toMatchObject({ code: 'did_unknown' })
  })

  it('are not minted of an unknown type or with unknown claims', async () => {
    const args = {
      issuer: issuer.did,
      type: 'urn:netcert:nothing:1',
      holderJwk: holder.jwk,
      claims: {},
      expiresAt: inDays(1).toISOString(),
    }
    await expect(agent.sdJwtVcMint(args)).rejects.toMatchObject({ code: 'type_unknown' })
    const known = { ...args, type: NETWORK_CERTIFICATE, claims: { shoe_size: 43 } }
    await expect(agent.sdJwtVcMint(known)).rejects.toMatchObject({ name: 'CredentialError' })
  })
})

describe('the schema of the agent methods', () => {
  const schemaOf = (name: string) => ({
    components: sdJwtVcSchema.components,
    $ref: `#/components/schemas/${name}`,
  })
  const validator = (name: string) =>
    new Ajv({ strict: false, validateFormats: false }).compile(schemaOf(name))

  it('takes what the methods take and describes what they give', async () => {
    const args = verifyArgs(await present())
    expect(validator('SdJwtVcVerifyArgs')(args)).toBe(true)
    expect(validator('SdJwtVcVerifyResult')(await agent.sdJwtVcVerify(args))).toBe(true)
  })

  it('refuses what is missing or unknown', async () => {
    const { demands, ...rest } = verifyArgs('x')
    const { nonce: _left, ...without } = demands
    const validate = validator('SdJwtVcVerifyArgs')
    expect(validate({ ...rest, demands: without })).toBe(false)
    expect(validate({ ...rest, demands: { ...demands, skipKeyBinding: true } })).toBe(false)
    expect(validate({ ...rest, demands: { ...demands, freshness: 'never' } })).toBe(false)
  })

  it('is enforced by an agent that validates', async () => {
    const plugins = [new SdJwtVcPlugin({ clock: () => NOW })]
    const strict = createAgent({ plugins, schemaValidation: true })
    await expect(strict.execute('sdJwtVcPresent', { credential: 'x' })).rejects.toThrow(
      /sdJwtVcPresent/,
    )
  })
})
