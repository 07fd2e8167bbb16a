import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMasterKey, keyStoreMigrations, openVault } from '@netcert/agent'
import { SignJWT } from 'jose'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../test/database-engines.js'
import { createDpopKey, createProof, type DpopKey } from '../../../test/oauth-wallet.js'
import {
  type AccessTokenVerifier,
  createAccessTokenVerifier,
  tokenChallenge,
} from './as-access-token.js'
import { createDpopNonces } from './as-dpop-nonces.js'
import { createRecordStore, type RecordStore } from './as-record-store.js'
import { authorizationServerMigrations } from './as-schema-store.js'
import { IssuerError, type IssuerErrorCode } from './issuer-error.js'
import type { IssuerSchema } from './issuer-schema-store.js'

const NOW = new Date()
const AT = Math.floor(NOW.getTime() / 1000)
const URL_ = 'https://issuer.example/credential'
const TOKEN = 'token-of-43-characters-that-nobody-can-guess'
const nonces = createDpopNonces(randomBytes(32))
/** A nonce of this server, made so many seconds ago. */
const nonceOf = (ago: number) => nonces.next(new Date(NOW.getTime() - ago * 1000))
const BEARER = 'bearer-of-43-characters-nobody-can-guess-it'

const SOUND = { method: 'POST', url: URL_, accessToken: TOKEN, nonce: nonceOf(0) }

describe.each(engines)('access tokens at the credential endpoints, %s', (engine) => {
  const databases = databasesOn(engine)
  let key: DpopKey
  let records: RecordStore
  let verify: AccessTokenVerifier
  let rows: () => Promise<string>

  beforeAll(async () => {
    key = await createDpopKey()
  })
  beforeEach(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'netcert-token-'))
    const masterKeyFile = join(folder, 'master.key')
    await createMasterKey(masterKeyFile)
    const vault = await openVault({ masterKeyFile })
    await rm(folder, { recursive: true })
    const database = await databases.open<IssuerSchema>({
      location: await databases.location(),
      migrations: [...keyStoreMigrations, ...authorizationServerMigrations],
      create: true,
    })
    records = createRecordStore({ database, vault })
    verify = createAccessTokenVerifier({ records, nonces, clock: () => NOW })
    rows = async () =>
      JSON.stringify(await database.kysely.selectFrom('as_records').selectAll().execute())
    const content = {
      accountId: 'c_person',
      clientId: 'wallet',
      grantId: 'grant',
      scope: 'network-certificate gate-pass',
      extra: { offer: 'o_1' },
    }
    await records.put({ model: 'Grant', id: 'grant' }, content, AT + 1000)
    const rar = [
      {
        type: 'openid_credential',
        credential_configuration_id: 'gate-pass',
        credential_identifiers: ['gate-pass:own'],
      },
    ]
    const bound = { ...content, jkt: key.jkt, rar }
    await records.put({ model: 'AccessToken', id: TOKEN }, bound, AT + 300)
    const free = { ...content, clientId: 'anonymous-wallet' }
    await records.put({ model: 'AccessToken', id: BEARER }, free, AT + 300)
  })

  const ask = async (
    options: {
      authorization?: string | undefined
      dpop?: string | string[]
      proof?: Partial<Parameters<typeof createProof>[1]>
      by?: DpopKey
    } = {},
  ) => {
    const { proof, by = key } = options
    const dpop = options.dpop ?? (await createProof(by, { ...SOUND, ...proof }))
    const authorization = 'authorization' in options ? options.authorization : `DPoP ${TOKEN}`
    return verify({ authorization, dpop, method: 'POST', url: URL_ })
  }
  const codeOf = async (result: Promise<unknown>) => {
    const error = await result.then(
      () => undefined,
      (it: unknown) => it,
    )
    return error instanceof IssuerError ? error.code : 'accepted'
  }

  it('say for whom, for what and how long, with a proof of the key', async () => {
    const verified = await ask({ authorization: `dpop ${TOKEN}` })
    expect(verified).toMatchObject({
      citizen: 'c_person',
      clientId: 'wallet',
      configurationIds: ['network-certificate'],
      credentialIdentifiers: [{ identifier: 'gate-pass:own', configurationId: 'gate-pass' }],
      offer: 'o_1',
      dpopJkt: key.jkt,
      expiresAt: new Date((AT + 300) * 1000),
    })
    expect(verified.tokenId).not.toContain(TOKEN)
  })

  it('are taken as bearer tokens only where they are some', async () => {
    const verified = await verify({
      authorization: `Bearer ${BEARER}`,
      dpop: undefined,
      method: 'POST',
      url: URL_,
    })
    expect(verified).toMatchObject({ clientId: null, dpopJkt: null })
    expect(await codeOf(ask({ authorization: `Bearer ${TOKEN}` }))).toBe('access_token_invalid')
    expect(await codeOf(ask({ authorization: `DPoP ${BEARER}` }))).toBe('access_token_invalid')
  })

  it.each([
    [199, 'accepted'],
    [200, 'accepted'],
    [201, 'access_token_invalid'],
  ])('of %i characters are %s, even when one is on record', async (length, code) => {
    const token = 'a'.repeat(length)
    const content = { accountId: 'c_person', clientId: 'wallet', grantId: 'grant', scope: '' }
    await records.put({ model: 'AccessToken', id: token }, content, AT + 300)
    const authorization = `Bearer ${token}`
    const asked = verify({ authorization, dpop: undefined, method: 'POST', url: URL_ })
    expect(await codeOf(asked)).toBe(code)
  })

  it.each([
    ['no header', undefined, 'access_token_missing'],
    ['an unknown token', 'DPoP unknown-token-unknown-token-unknown', 'access_token_invalid'],
    ['another scheme', `Basic ${TOKEN}`, 'access_token_invalid'],
    ['two tokens', `DPoP ${TOKEN} ${TOKEN}`, 'access_token_invalid'],
    ['nothing after the scheme', 'DPoP', 'access_token_invalid'],
  ])('are refused with %s', async (_what, authorization, code) => {
    expect(await codeOf(ask({ authorization }))).toBe(code)
  })

  it.each([
    ['an hour old', { iat: AT - 3600 }],
    ['an hour early', { iat: AT + 3600 }],
    ['for another method', { method: 'GET' }],
    ['for another address', { url: 'https://issuer.example/other' }],
    ['for another host', { url: 'https://evil.example/credential' }],
    ['for another token', { accessToken: 'another' }],
    ['without an identifier', { jti: '' }],
  ])('are refused with a proof %s', async (_what, proof) => {
    expect(await codeOf(ask({ proof }))).toBe('dpop_proof_invalid')
  })

  it('take a proof from a clock ten seconds off, and an address with a query', async () => {
    expect(await codeOf(ask({ proof: { iat: AT - 10 } }))).toBe('accepted')
    expect(await codeOf(ask({ proof: { iat: AT + 10 } }))).toBe('accepted')
    expect(await codeOf(ask({ proof: { url: `${URL_}?a=b#c` } }))).toBe('accepted')
  })

  it.each([
    ['no nonce', undefined],
    ['a nonce of another server', createDpopNonces(randomBytes(32)).next(NOW)],
    ['a nonce of five minutes ago', nonceOf(300)],
    ['no text for a nonce', ''],
  ])('ask for another proof when it has %s, which burns nothing', async (_what, nonce) => {
    const jti = randomBytes(8).toString('hex')
    expect(await codeOf(ask({ proof: { nonce, jti } }))).toBe('dpop_nonce_needed')
    expect(await codeOf(ask({ proof: { jti } }))).toBe('accepted')
  })

  it('take a nonce for some minutes', async () => {
    for (const ago of [0, 60, 120]) {
      expect(await codeOf(ask({ proof: { nonce: nonceOf(ago) } }))).toBe('accepted')
    }
  })

  it('say that a proof is wrong before they ask for another nonce', async () => {
    const old = { nonce: undefined, iat: AT - 3600 }
    expect(await codeOf(ask({ proof: old }))).toBe('dpop_proof_invalid')
  })

  it('are refused without a proof, with two, and with a proof of another key or form', async () => {
    const proof = await createProof(key, SOUND)
    expect(await codeOf(ask({ dpop: [proof, proof] }))).toBe('dpop_proof_invalid')
    expect(await codeOf(ask({ dpop: `${proof}, ${proof}` }))).toBe('dpop_proof_invalid')
    expect(await codeOf(ask({ dpop: '' }))).toBe('dpop_proof_invalid')
    expect(await codeOf(ask({ by: await createDpopKey() }))).toBe('access_token_invalid')
    const untyped = await new SignJWT({})
      .setProtectedHeader({ alg: 'ES256', jwk: key.jwk })
      .sign(key.privateKey)
    expect(await codeOf(ask({ dpop: untyped }))).toBe('dpop_proof_invalid')
  })

  it('take each proof once, however many come at once', async () => {
    const dpop = await createProof(key, SOUND)
    const codes = await Promise.all(Array.from({ length: 6 }, () => codeOf(ask({ dpop }))))
    expect(codes.filter((code) => code === 'accepted')).toHaveLength(1)
    expect(new Set(codes)).toEqual(new Set(['accepted', 'dpop_proof_invalid']))
  })

  it('end with their time, and with their grant', async () => {
    const clock = () => new Date((AT + 300) * 1000)
    const late = createAccessTokenVerifier({ records, nonces, clock })
    const bearer = { authorization: `Bearer ${BEARER}`, dpop: undefined, method: 'POST', url: URL_ }
    expect(await codeOf(late(bearer))).toBe('access_token_invalid')
    await records.remove({ model: 'Grant', id: 'grant' })
    expect(await codeOf(verify(bearer))).toBe('access_token_invalid')
  })

  it('leave nothing in the database that could be presented', async () => {
    const stored = await rows()
    for (const secret of [TOKEN, BEARER, 'c_person', 'wallet']) expect(stored).not.toContain(secret)
  })
})

describe('the refusal of a token', () => {
  const answer = (code: IssuerErrorCode) => tokenChallenge(new IssuerError(code, ''), () => 'fresh')

  it('names the error, except where no token was sent', () => {
    expect(answer('access_token_missing')).toEqual({
      ...{ status: 401, error: null },
      headers: { 'www-authenticate': 'DPoP algs="ES256 EdDSA", Bearer' },
    })
    expect(answer('access_token_invalid')).toMatchObject({ error: 'invalid_token' })
    expect(answer('dpop_proof_invalid')).toMatchObject({ error: 'invalid_dpop_proof' })
  })

  it('brings a nonce where one is asked for, and says nothing of other errors', () => {
    expect(answer('dpop_nonce_needed')).toEqual({
      ...{ status: 401, error: 'use_dpop_nonce' },
      headers: {
        'www-authenticate': 'DPoP error="use_dpop_nonce", algs="ES256 EdDSA"',
        'dpop-nonce': 'fresh',
      },
    })
    expect(answer('invalid_nonce')).toBeUndefined()
  })
})
