import { generateSigner, NETWORK_CERTIFICATE, type Signer } from '@netcert/credential'
import { createRequestObject, createUnsignedRequestObject, requestLimits } from '@netcert/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ServedIssuer, serveTestIssuer } from '../../../test/issuer-server-ground.js'
import { exampleRegistration } from '../../../test/platform-ground.js'
import { type OpenedRegistrar, openRegistrar } from './registrar-open.js'

const ID = 'https://tickets.example'

describe('a report to the registrar', () => {
  let served: ServedIssuer
  let opened: OpenedRegistrar
  let platformSigner: Signer
  let token: string
  let greedy: string

  beforeAll(async () => {
    served = await serveTestIssuer({ citizens: 1, limits: { reports: 1000 } })
    opened = await openRegistrar({ dir: served.dir, clock: () => new Date() })
    const { signer, jwk } = await generateSigner('ES256')
    platformSigner = signer
    const value = exampleRegistration({ requestJwk: jwk })
    await opened.registrar.register({ value, update: false })
    ;({ token } = await opened.registrar.accredit({ platform: ID, purpose: 'ticketing' }))
    greedy = await sign(['real_person', 'birthdate'])
  })
  afterAll(async () => {
    await opened.close()
    await served.close()
  })

  const members = (claims: readonly string[], accreditation: string) => ({
    response_type: 'vp_token' as const,
    response_mode: 'direct_post' as const,
    client_id: 'decentralized_identifier:did:key:z',
    nonce: 'n-0S6',
    response_uri: 'https://tickets.example/response',
    dcql_query: {
      credentials: [
        {
          id: 'a',
          format: 'dc+sd-jwt',
          meta: { vct_values: [NETWORK_CERTIFICATE] },
          claims: claims.map((claim) => ({ path: [claim] })),
        },
      ],
    },
    verifier_info: [{ format: 'registration_cert', data: accreditation }],
  })
  const sign = (claims: readonly string[], signer = platformSigner, accreditation = token) =>
    createRequestObject({
      request: members(claims, accreditation),
      signer,
      proof: { kind: 'did' },
      issuedAt: new Date(),
      expiresAt: new Date(Date.now() + 300_000),
    })
  const finding = { vct: NETWORK_CERTIFICATE, path: ['birthdate'], code: 'claim_uncovered' }
  const report = (request: string, changes: object = {}) => ({
    request,
    code: 'claim_uncovered',
    findings: [finding],
    reported_at: 1_795_255_200,
    ...changes,
  })
  async function post(body: unknown, type = 'application/json') {
    const response = await fetch(`${served.url}/registrar/reports`, {
      method: 'POST',
      headers: { 'content-type': type },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    return { status: response.status, body: (await response.json()) as Record<string, string> }
  }
  const reports = () => opened.registrar.reports({ limit: 100 })

  it('is taken once for each request, and judged by the registrar itself', async () => {
    const first = await post(report(greedy))
    expect(first).toEqual({ status: 202, body: { report_id: expect.stringMatching(/^g_/) } })
    expect(await post(report(greedy))).toEqual(first)
    expect(await reports()).toMatchObject([
      {
        platform: ID,
        code: 'claim_uncovered',
        decision: 'reduce',
        findings: [finding],
        id: first.body['report_id'],
      },
    ])
    await post(report(await sign(['real_person'])))
    expect((await reports()).map(({ decision }) => decision).toSorted()).toEqual([
      'allow',
      'reduce',
    ])
    expect(await opened.registrar.reports({ limit: 1 })).toHaveLength(1)
    expect(await opened.registrar.reports({ limit: 9, platform: `${ID}/x` })).toEqual([])
  })

  it('keeps the hour, codes and claims, and nothing of who sent it', async () => {
    const [kept] = await reports()
    expect(Object.keys(kept ?? {}).toSorted()).toEqual([
      'accreditation',
      'code',
      'decision',
      'findings',
      'id',
      'platform',
      'reportedAt',
      'request',
    ])
    expect((kept?.reportedAt.getTime() ?? 1) % 3_600_000).toBe(0)
    expect(served.log.join(' ')).not.toContain('127.0.0.1')
  })

  it('is refused when another key signed the request, or nobody did', async () => {
    const { signer: stranger } = await generateSigner('ES256')
    const before = await reports()
    const forged = await post(report(await sign(['birthdate'], stranger)))
    expect(forged).toMatchObject({ status: 422, body: { error: 'report_unproven' } })
    const unsigned = createUnsignedRequestObject(members(['birthdate'], token))
    expect((await post(report(unsigned))).status).toBeGreaterThanOrEqual(400)
    const [head, payload, signature] = greedy.split('.')
    const changed = Buffer.from(payload ?? '', 'base64url')
      .toString()
      .replace('birthdate', 'id_number')
    const altered = `${head}.${Buffer.from(changed).toString('base64url')}.${signature}`
    expect((await post(report(altered))).status).toBe(422)
    expect(await reports()).toEqual(before)
  })

  it('is refused for an accreditation that is not ours to the letter', async () => {
    const [head, payload, signature = ''] = token.split('.')
    const other = `${head}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
    const foreign = await post(report(await sign(['birthdate'], platformSigner, other)))
    expect(foreign).toMatchObject({ status: 422, body: { error: 'report_unproven' } })
    const none = await post(report(await sign(['birthdate'], platformSigner, 'a.b.c')))
    expect(none.status).toBe(400)
  })

  it.each([
    ['no JSON', '{', 400],
    ['an unknown code', { code: 'rude' }, 400],
    ['text for people instead of a claim path', { findings: [{ ...finding, path: 'x' }] }, 400],
    ['a request that is none', { request: 'x' }, 400],
  ])('is refused with %s', async (_what, changes, status) => {
    const body = typeof changes === 'string' ? changes : report(greedy, changes)
    expect(await post(body)).toEqual({ status, body: { error: 'report_malformed' } })
  })

  it('is bounded, of one type, and posted', async () => {
    const large = 'x'.repeat(requestLimits.maxObjectBytes * 2 + 1)
    expect((await post(large)).status).toBe(413)
    expect((await post(report(greedy), 'text/plain')).status).toBe(415)
    const got = await fetch(`${served.url}/registrar/reports`)
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST'])
    const asked = await fetch(`${served.url}/registrar/reports`, { method: 'OPTIONS' })
    expect(asked.status).toBe(204)
  })

  it('is counted by address', async () => {
    const busy = await serveTestIssuer({ citizens: 1, limits: { reports: 2 } })
    const tell = () =>
      fetch(`${busy.url}/registrar/reports`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      })
    const statuses = [(await tell()).status, (await tell()).status, (await tell()).status]
    await busy.close()
    expect(statuses).toEqual([400, 400, 429])
  })
})
