import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { generateSigner } from '@netcert/credential'
import {
  type CreateClientAttestationOptions,
  type CreateClientAttestationPopOptions,
  createClientAttestation,
  createClientAttestationPop,
} from '@netcert/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ServedIssuer, serveTestIssuer } from '../../../test/issuer-server-ground.js'
import {
  agree,
  authorizeUrl,
  codeForm,
  locationOf,
  logIn,
  postToken,
  pushRequest,
} from '../../../test/oauth-flow.js'
import { createBrowser } from '../../../test/oauth-wallet.js'

type Key = Awaited<ReturnType<typeof generateSigner>>

const WALLET = 'https://attested-wallet.example'
let provider: Key
let instance: Key
let served: ServedIssuer

async function serve(required: boolean): Promise<ServedIssuer> {
  return serveTestIssuer({
    citizens: 6,
    prepare: async (dir) => {
      const keys = [{ ...provider.jwk, kid: 'provider-1' }]
      const providers = [{ iss: 'https://provider.example', jwks: { keys } }]
      await writeFile(join(dir, 'wallet-providers.json'), JSON.stringify({ required, providers }))
    },
  })
}

beforeAll(async () => {
  provider = await generateSigner('ES256')
  instance = await generateSigner('ES256')
  served = await serve(true)
}, 60_000)
afterAll(() => served.close())

type Changes = {
  readonly attestation?: Partial<CreateClientAttestationOptions>
  readonly pop?: Partial<CreateClientAttestationPopOptions>
  readonly key?: Key
}

async function attested(changes: Changes = {}): Promise<Record<string, string>> {
  const now = new Date()
  const key = changes.key ?? instance
  const attestation = await createClientAttestation({
    signer: provider.signer,
    header: { kid: 'provider-1' },
    issuer: 'https://provider.example',
    clientId: WALLET,
    clientJwk: key.jwk,
    issuedAt: now,
    expiresAt: new Date(now.getTime() + 3_600_000),
    walletName: 'Attested Wallet',
    ...changes.attestation,
  })
  const pop = await createClientAttestationPop({
    signer: key.signer,
    clientId: WALLET,
    audience: served.url,
    jti: randomBytes(16).toString('hex'),
    issuedAt: now,
    ...changes.pop,
  })
  return { 'oauth-client-attestation': attestation, 'oauth-client-attestation-pop': pop }
}

const push = async (headers: Record<string, string>, changes: Record<string, string | null> = {}) =>
  pushRequest(served, { client_id: WALLET, ...changes }, headers)

describe('an issuer that takes attested wallets', () => {
  it('announces it, and shows the wallet by the name its provider gave', async () => {
    const metadata = await (
      await fetch(`${served.url}/.well-known/oauth-authorization-server`)
    ).json()
    expect(metadata).toMatchObject({
      token_endpoint_auth_methods_supported: ['none', 'attest_jwt_client_auth'],
      client_attestation_signing_alg_values_supported: ['ES256', 'EdDSA'],
      client_attestation_pop_signing_alg_values_supported: ['ES256', 'EdDSA'],
      challenge_endpoint: `${served.url}/attestation-challenge`,
    })
    const { requestUri } = await push(await attested())
    const browser = createBrowser()
    const start = authorizeUrl(served, requestUri, WALLET)
    const consent = await logIn(served, browser, start, served.nextPerson())
    expect((await browser.get(consent)).text).toContain('Attested Wallet')
  })

  it('gives tokens to the same instance only', async () => {
    const asking = await push(await attested())
    const browser = createBrowser()
    const start = authorizeUrl(served, asking.requestUri, WALLET)
    const consent = await logIn(served, browser, start, served.nextPerson())
    const back = new URL(locationOf(await agree(browser, consent)))
    const code = back.searchParams.get('code')!
    const form = codeForm({ code, pkce: asking.pkce }, { client_id: WALLET })
    const bare = await postToken(served, form, asking.key)
    expect(bare).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    const other = await generateSigner('ES256')
    const stolen = await postToken(served, form, asking.key, await attested({ key: other }))
    expect(stolen).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })

  it('gives a token where all of it is right', async () => {
    const asking = await push(await attested())
    const browser = createBrowser()
    const start = authorizeUrl(served, asking.requestUri, WALLET)
    const consent = await logIn(served, browser, start, served.nextPerson())
    const back = new URL(locationOf(await agree(browser, consent)))
    const code = back.searchParams.get('code')!
    const form = codeForm({ code, pkce: asking.pkce }, { client_id: WALLET })
    const answer = await postToken(served, form, asking.key, await attested())
    expect(answer).toMatchObject({ status: 200, body: { token_type: 'DPoP' } })
  })

  it.each<[string, () => Promise<Changes> | Changes]>([
    [
      'an unknown provider',
      async () => ({ attestation: { signer: (await generateSigner('ES256')).signer } }),
    ],
    ['a provider key nobody listed', () => ({ attestation: { header: { kid: 'provider-2' } } })],
    ['another issuer’s name', () => ({ attestation: { issuer: 'https://other.example' } })],
    [
      'an attestation that has expired',
      () => ({ attestation: { expiresAt: new Date(Date.now() - 3_600_000) } }),
    ],
    [
      'a proof by another key',
      async () => ({ pop: { signer: (await generateSigner('ES256')).signer } }),
    ],
    ['a proof for another server', () => ({ pop: { audience: 'https://other.example' } })],
    ['a proof an hour old', () => ({ pop: { issuedAt: new Date(Date.now() - 3_600_000) } })],
    [
      'another client_id',
      () => ({
        attestation: { clientId: 'https://other.example' },
        pop: { clientId: 'https://other.example' },
      }),
    ],
  ])('refuses %s', async (_what, changes) => {
    const { answer } = await push(await attested(await changes()))
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  })

  it('refuses half of it, a proof used before, and none at all', async () => {
    const headers = await attested()
    const { 'oauth-client-attestation': one, 'oauth-client-attestation-pop': two } = headers
    const halves = [
      { 'oauth-client-attestation': one! },
      { 'oauth-client-attestation-pop': two! },
      {},
    ]
    for (const half of halves) expect((await push(half)).answer.status).toBe(401)
    expect((await push(headers)).answer.status).toBe(201)
    expect((await push(headers)).answer.status).toBe(401)
  })

  it('hands out challenges, takes a fresh one and asks for another where it is stale', async () => {
    const answer = await fetch(`${served.url}/attestation-challenge`, { method: 'POST' })
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const { attestation_challenge: challenge } = (await answer.json()) as Record<string, string>
    const fresh = await push(await attested({ pop: { challenge: challenge! } }))
    expect(fresh.answer.status).toBe(201)
    const stale = await push(await attested({ pop: { challenge: 'stale' } }))
    expect(stale.answer).toMatchObject({
      status: 400,
      body: { error: 'use_attestation_challenge' },
    })
    const offered = stale.answer.headers.get('oauth-client-attestation-challenge') ?? ''
    expect(offered).toMatch(/^[\w-]{43}$/)
    const again = await push(await attested({ pop: { challenge: offered } }))
    expect(again.answer.status).toBe(201)
  })

  it('still takes wallets without a name for pre-authorized codes', async () => {
    const { secret } = await served.offer({})
    const grant_type = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'
    const form = { grant_type, 'pre-authorized_code': secret }
    expect((await postToken(served, form, undefined)).status).toBe(200)
  })
})
