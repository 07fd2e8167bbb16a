import { createEncryptionKey, createTransactionData, type RequestObject } from '@netcert/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type Asker,
  didAsker,
  encryptedTo,
  linkOf,
  openAnswer,
  requestOf,
  startVerifier,
  type VerifierServer,
} from '../../../test/vp-verifier-ground.js'
import { walletGround } from '../../../test/wallet-ground.js'
import type { ConsentDecision } from './vp-consent.js'
import type { RequestPreview } from './vp-preview.js'
import type { Wallet } from './wallet.js'

const ground = walletGround()
let server: VerifierServer
let wallet: Wallet
let asker: Asker
beforeEach(async () => {
  server = await startVerifier()
  wallet = await ground.open({ allowHttpLoopback: true })
  await ground.receiveOneTime(wallet, 3)
  asker = await didAsker()
})
afterEach(() => server.close())

const certificate = (claims: object[], changes: object = {}) => ({
  credentials: [
    {
      id: 'certificate',
      format: 'dc+sd-jwt',
      meta: { vct_values: ['urn:netcert:network-certificate:1'] },
      claims,
      ...changes,
    },
  ],
})
const linkFor = (changes: Partial<RequestObject> = {}) => linkOf(asker, requestOf(server, changes))

/** What a link comes to when the citizen decides so, and what they were shown. */
async function answer(request: string, decision: ConsentDecision = 'share') {
  const previews: RequestPreview[] = []
  const sentBefore: number[] = []
  const consent = (preview: RequestPreview) => {
    previews.push(preview)
    sentBefore.push(server.arrivals.length)
    return decision
  }
  const code = await wallet.answerRequest({ request, consent }).then(
    () => 'answered',
    (error: unknown) =>
      error instanceof Error && 'code' in error ? error.code : `fault: ${String(error)}`,
  )
  return { code, previews, sentBefore }
}

const real = { path: ['real_person'] }
const unanswerable = certificate([{ path: ['phone_verified'] }])
const identity = certificate([{ path: ['family_name'] }, real])
const number = certificate([{ path: ['network_number'] }])

describe('consent', () => {
  it('is asked once, before anything is sent, and shows who learns what', async () => {
    const client_metadata = { client_name: 'The Shop' }
    const { code, previews, sentBefore } = await answer(await linkFor({ client_metadata }))
    expect([code, sentBefore]).toEqual(['answered', [0]])
    expect(previews).toMatchObject([
      {
        state: 'ready',
        verifier: {
          clientId: asker.clientId,
          proof: 'key',
          host: server.url.slice('http://'.length),
          claimedName: 'The Shop',
          accredited: false,
        },
        credentials: [
          {
            id: 'certificate',
            kind: 'one-time',
            claims: [{ path: ['age_equal_or_over', '18'], class: 'fact' }],
            remainingAfter: 2,
          },
        ],
        optional: [],
        transactions: [],
      },
    ])
  })

  it('shows no name that could draw on the screen', async () => {
    for (const client_name of ['\u001b[2JBank', 'Shop\u202eknaB', 'x'.repeat(257)]) {
      const { verifier } = await wallet.previewRequest(
        await linkFor({ client_metadata: { client_name } }),
      )
      expect(verifier.claimedName).toBeNull()
    }
  })

  it.each([
    [199, true],
    [200, true],
    [201, false],
  ])('shows a name of %i signs: %s', async (length, shown) => {
    const client_name = '店'.repeat(length)
    const { verifier } = await wallet.previewRequest(
      await linkFor({ client_metadata: { client_name } }),
    )
    expect(verifier.claimedName).toBe(shown ? client_name : null)
  })

  it('can be had from a preview, which sends nothing and uses nothing up', async () => {
    const preview = await wallet.previewRequest(await linkFor())
    expect(preview.state).toBe('ready')
    expect(server.arrivals).toEqual([])
    expect((await wallet.list())[0]?.remaining).toBe(3)
  })

  it('refused, or with nothing to show, looks the same to the verifier, to the byte', async () => {
    expect((await answer(await linkFor(), 'refuse')).code).toBe('consent_refused')
    for (const decision of ['share', 'refuse'] as const) {
      const link = await linkFor({ dcql_query: unanswerable })
      const { code, previews, sentBefore } = await answer(link, decision)
      expect(code).toBe(decision === 'share' ? 'query_unanswered' : 'consent_refused')
      expect(previews[0]?.state).toBe('unanswerable')
      expect(sentBefore.at(-1)).toBe(server.arrivals.length - 1)
    }
    const bodies = new Set(server.arrivals.map(({ body }) => body))
    expect([...bodies]).toEqual(['error=access_denied&state=state-of-this-one-request'])
    const headers = new Set(server.arrivals.map((arrival) => JSON.stringify(arrival.headers)))
    expect(headers.size).toBe(1)
    expect((await wallet.list())[0]?.remaining).toBe(3)
    expect(await wallet.ledger()).toEqual([])
  })

  it('refused to a verifier that asks for encryption is told encrypted', async () => {
    const key = await createEncryptionKey('key-1')
    const mode = { response_mode: 'direct_post.jwt' as const, client_metadata: encryptedTo(key) }
    await answer(await linkFor(mode), 'refuse')
    await answer(await linkFor({ ...mode, dcql_query: unanswerable }))
    for (const form of server.answers) {
      const { payload } = await openAnswer(form['response'], key)
      expect(payload).toEqual({ error: 'access_denied', state: 'state-of-this-one-request' })
    }
    expect(new Set(server.answers.map(({ response = '' }) => response.length)).size).toBe(1)
  })

  it('ignored sends nothing at all', async () => {
    expect((await answer(await linkFor(), 'ignore')).code).toBe('consent_refused')
    const link = await linkFor({ dcql_query: unanswerable })
    expect((await answer(link, 'ignore')).code).toBe('consent_refused')
    const wrong = await linkFor({ dcql_query: { credentials: [] } })
    expect((await answer(wrong, 'ignore')).code).toBe('query_malformed')
    expect(server.arrivals).toEqual([])
  })
})

describe('a verifier without an accreditation', () => {
  it('gets facts only: no number and no identity claim, whatever the citizen says', async () => {
    for (const dcql_query of [identity, number, certificate([{ path: ['unheard_of'] }])]) {
      const { code, previews } = await answer(await linkFor({ dcql_query }))
      expect([code, previews[0]?.state]).toEqual(['query_unanswered', 'unanswerable'])
    }
    expect(server.answers.every(({ error }) => error === 'access_denied')).toBe(true)
    expect((await wallet.list())[0]?.remaining).toBe(3)
  })

  it('gets the claim set of facts where it leaves the choice', async () => {
    const claims = [
      { id: 'name', path: ['family_name'] },
      { id: 'number', path: ['network_number'] },
      { id: 'real', ...real },
    ]
    const dcql_query = certificate(claims, { claim_sets: [['name', 'real'], ['number'], ['real']] })
    const { code, previews } = await answer(await linkFor({ dcql_query }))
    expect(code).toBe('answered')
    expect(previews[0]?.credentials[0]?.claims.map(({ path }) => path)).toEqual([['real_person']])
  })
})

describe('a request of a known verifier that cannot be met', () => {
  const transaction = (type: string, id = 'certificate') => [
    createTransactionData({ type, credential_ids: [id] }),
  ]

  it.each<[string, string, string, Partial<RequestObject>]>([
    [
      'transaction_data',
      'invalid_transaction_data',
      'unknown',
      { transaction_data: transaction('pay') },
    ],
    ['transaction_data', 'invalid_transaction_data', 'no JSON', { transaction_data: ['e30', 'A'] }],
    ['query_malformed', 'invalid_request', 'no query', { dcql_query: { credentials: [] } }],
    ['request_invalid', 'invalid_request', 'neither query', { dcql_query: undefined }],
    ['request_invalid', 'invalid_request', 'both query and scope', { scope: 'age' }],
    ['scope_unsupported', 'invalid_scope', 'a scope', { scope: 'age', dcql_query: undefined }],
    [
      'vp_formats',
      'vp_formats_not_supported',
      'another format',
      { client_metadata: { vp_formats_supported: { mso_mdoc: {} } } },
    ],
    [
      'vp_formats',
      'vp_formats_not_supported',
      'another algorithm',
      {
        client_metadata: {
          vp_formats_supported: { 'dc+sd-jwt': { 'kb-jwt_alg_values': ['ES512'] } },
        },
      },
    ],
    [
      'holder_binding_required',
      'access_denied',
      'no holder binding',
      { dcql_query: certificate([real], { require_cryptographic_holder_binding: false }) },
    ],
  ])('is refused as %s, told as %s: %s', async (code, told, _, changes) => {
    const refused = await answer(await linkFor(changes))
    expect([refused.code, refused.previews[0]?.state]).toEqual([code, code])
    expect(refused.sentBefore).toEqual([0])
    expect(server.answers).toEqual([{ error: told, state: 'state-of-this-one-request' }])
  })
})
