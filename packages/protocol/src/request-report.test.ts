import { NETWORK_CERTIFICATE } from '@netcert/credential'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { beforeAll, describe, expect, it } from 'vitest'
import { protocolCode, readingOf } from '../../../test/accreditation-verdict.js'
import { decide } from '../../../test/decision-ground.js'
import { accredited, platformKey } from '../../../test/accreditation-tokens.js'
import { NOW, stranger } from '../../../test/trust-ground.js'
import type { Accreditation } from './accreditation-content.js'
import { parseQuery } from './dcql-query.js'
import { publishedPlatformSchema } from './published-platform-schemas.js'
import { createRequestObject, createUnsignedRequestObject } from './request-object.js'
import { createRequestReport, parseRequestReport, proveReportedRequest } from './request-report.js'

const greedy = {
  credentials: [
    {
      id: 'a',
      format: 'dc+sd-jwt' as const,
      meta: { vct_values: [NETWORK_CERTIFICATE] },
      claims: [{ path: ['real_person'] }, { path: ['birthdate'] }],
    },
  ],
}
const decision = decide(parseQuery(greedy))

let accreditation: Accreditation
let request = ''
beforeAll(async () => {
  accreditation = await accredited()
  request = await signRequest()
})
const members = (dcql_query: unknown) => ({
  response_type: 'vp_token' as const,
  response_mode: 'direct_post' as const,
  client_id: 'decentralized_identifier:did:key:z',
  nonce: 'n-0S6',
  response_uri: 'https://shop.example/response',
  dcql_query,
  verifier_info: [{ format: 'registration_cert', data: accreditation.token }],
})
const signRequest = (signer = platformKey.signer, query: unknown = greedy): Promise<string> =>
  createRequestObject({
    request: members(query),
    signer,
    proof: { kind: 'did' },
    issuedAt: NOW,
    expiresAt: new Date(NOW.getTime() + 300_000),
  })
const reportOf = (text: string) => createRequestReport({ request: text, decision, reportedAt: NOW })

describe('a report of a greedy request', () => {
  it('is the request as its platform signed it, and what is wrong with it', () => {
    const report = parseRequestReport(reportOf(request))
    expect(report).toEqual({
      request,
      code: 'claim_uncovered',
      findings: [{ vct: NETWORK_CERTIFICATE, path: ['birthdate'], code: 'claim_uncovered' }],
      // Cut to the hour.
      reportedAt: new Date('2026-11-21T10:00:00Z'),
    })
  })

  it('holds these four members and nothing of the person', async () => {
    const report = JSON.parse(reportOf(request)) as object
    expect(Object.keys(report)).toEqual(['request', 'code', 'findings', 'reported_at'])
    const text = publishedPlatformSchema('request-report')
    await expect(text).toMatchFileSnapshot('../../../schemas/request-report.schema.json')
    const validate = new Ajv2020({ strict: false }).compile(JSON.parse(text) as object)
    expect(validate(report)).toBe(true)
    expect(validate({ ...report, code: 'because' })).toBe(false)
  })

  it('is confirmed by the key that signed, and by the registrar’s own decision', async () => {
    const report = parseRequestReport(reportOf(request))
    const proven = await proveReportedRequest(report, { accreditations: [accreditation] })
    expect(proven.key).toEqual(platformKey.jwk)
    expect(proven.accreditationTokens).toEqual([accreditation.token])
    expect(proven.decision).toMatchObject({
      outcome: 'reduce',
      findings: [{ path: ['birthdate'], code: 'claim_uncovered' }],
    })
  })

  it('may be about a request that is no query at all', async () => {
    const [credential] = greedy.credentials
    const off = { credentials: [{ ...credential, require_cryptographic_holder_binding: false }] }
    const report = parseRequestReport(reportOf(await signRequest(platformKey.signer, off)))
    const proven = await proveReportedRequest(report, { accreditations: [accreditation] })
    expect(proven).toMatchObject({ query: null, decision: null })
  })
})

describe('a report is refused', () => {
  it('about a request that nobody signed, that is no request, or that asks for nothing more', () => {
    const unsigned = createUnsignedRequestObject(members(greedy))
    expect(readingOf(() => reportOf(unsigned))).toBe('report_invalid')
    expect(readingOf(() => reportOf('a.b.c'))).toBe('report_invalid')
    const allowed = { ...decision, findings: [] }
    const nothing = () => createRequestReport({ request, decision: allowed, reportedAt: NOW })
    expect(readingOf(nothing)).toBe('report_invalid')
  })

  it('when another key signed the request: nobody is blamed for what they did not sign', async () => {
    const report = parseRequestReport(reportOf(await signRequest(stranger.signer)))
    const proven = proveReportedRequest(report, { accreditations: [accreditation] })
    expect(await proven.then(() => 'proven', protocolCode)).toBe('report_invalid')
    const none = proveReportedRequest(report, { accreditations: [] })
    expect(await none.then(() => 'proven', protocolCode)).toBe('report_invalid')
  })

  it('when the request was altered after it was signed', async () => {
    const [header, , signature] = request.split('.')
    const [, more] = (await signRequest(platformKey.signer, { credentials: [] })).split('.')
    const report = {
      ...parseRequestReport(reportOf(request)),
      request: `${header}.${more}.${signature}`,
    }
    const proven = proveReportedRequest(report, { accreditations: [accreditation] })
    expect(await proven.then(() => 'proven', protocolCode)).toBe('report_invalid')
  })

  it.each([
    ['without a request', { request: undefined }],
    ['with a code nobody knows', { code: 'because' }],
    ['with a code that is a member of every object', { code: 'toString' }],
    ['with a finding without a path', { findings: [{ vct: 'a', code: 'claim_uncovered' }] }],
    [
      'with 129 findings',
      { findings: Array(129).fill({ vct: 'a', path: ['a'], code: 'claim_uncovered' }) },
    ],
    ['without a time', { reported_at: 'now' }],
  ])('%s', (_, changes) => {
    const report = JSON.parse(reportOf(request)) as object
    const text = JSON.stringify({ ...report, ...changes })
    expect(readingOf(() => parseRequestReport(text))).toBe('report_invalid')
  })

  it('that is too large, and that is no JSON', () => {
    const large = JSON.stringify({ request: 'a'.repeat(140_000) })
    expect(readingOf(() => parseRequestReport(large))).toBe('message_too_large')
    expect(readingOf(() => parseRequestReport('<html>'))).toBe('message_malformed')
  })
})
