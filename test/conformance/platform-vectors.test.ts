import { readFileSync } from 'node:fs'
import { type ClaimPath, parsePublicJwk, type TrustedRegistrar } from '@netcert/credential'
import {
  type AccreditationStatusLists,
  type DecisionCode,
  decideRequest,
  parseAccreditation,
  parseQuery,
  parseRequestReport,
  presentedClaims,
  proveReportedRequest,
  readAccreditationStatusList,
  readDeletionRequest,
  type ShownClaim,
  verifyAccreditation,
  verifyDeletionAnswer,
  verifyDisclosureReceipt,
  withAccreditationStatus,
} from '@netcert/protocol'
import { jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'

/** The vectors of docs/formats: what a second implementation would be held to. */
const read = (name: string) =>
  JSON.parse(
    readFileSync(new URL(`../../docs/formats/vectors/${name}.json`, import.meta.url), 'utf8'),
  )
const refusal = (code: string) => expect.objectContaining({ code })
const dateOf = (seconds: number) => new Date(seconds * 1000)

type Key = { readonly did: string; readonly private_jwk: { readonly d: string } }
const jwkOf = ({ private_jwk: { d: _private, ...jwk } }: Key) => parsePublicJwk(jwk)

type Listed = { readonly did: string; readonly not_before: number; readonly not_after: number }
type TokenVector = {
  readonly title: string
  readonly token: string
  readonly now?: number
  readonly registrars?: readonly Listed[]
  readonly status_lists?: readonly string[]
  readonly lists_taken_in_at?: number
  readonly status?: string
  readonly code: string
  readonly payload?: object
}
type DecisionVector = {
  readonly title: string
  readonly accreditation: string | null
  readonly request_key: 'platform' | 'stranger' | null
  readonly query: object
  readonly recent: readonly ShownClaim[]
  readonly holds_number: boolean
  readonly expect: {
    readonly outcome: string
    readonly code: string | null
    readonly findings: readonly object[]
    readonly consents: readonly object[]
    readonly query: object | null
  }
}
const accreditations: {
  readonly now: number
  readonly keys: Readonly<Record<'registrar' | 'platform' | 'stranger', Key>>
  readonly registrars: readonly Listed[]
  readonly accept: readonly TokenVector[]
  readonly reject: readonly TokenVector[]
  readonly accreditations: Readonly<Record<string, string>>
  readonly decisions: readonly DecisionVector[]
} = read('accreditation')

async function verify(vector: TokenVector) {
  const { token, registrars: listed = accreditations.registrars } = vector
  const registrars = listed.map(
    ({ did, not_before, not_after }): TrustedRegistrar => ({
      did,
      notBefore: dateOf(not_before),
      notAfter: dateOf(not_after),
    }),
  )
  const now = dateOf(vector.now ?? accreditations.now)
  const takenIn = dateOf(vector.lists_taken_in_at ?? now.getTime() / 1000)
  let statusLists: AccreditationStatusLists = new Map()
  for (const list of vector.status_lists ?? []) {
    const held = await readAccreditationStatusList(list, { registrars, now: takenIn })
    statusLists = withAccreditationStatus(statusLists, held)
  }
  return verifyAccreditation(token, { registrars, statusLists, now })
}

describe('docs/formats/accreditation.md', () => {
  it.each(accreditations.accept)('accepts $title', async (vector) => {
    const { status, accreditation } = await verify(vector)
    expect(status).toBe(vector.status)
    if (vector.payload === undefined) return
    expect(parseAccreditation(accreditation.token).jws.payload).toEqual(vector.payload)
    // Another library reads the same out of it.
    const key = jwkOf(accreditations.keys.registrar)
    const options = { currentDate: dateOf(accreditations.now), typ: 'rc-wrp+jwt' }
    const { payload } = await jwtVerify(accreditation.token, key, options)
    expect(payload).toEqual(vector.payload)
  })

  it.each(accreditations.reject)('refuses $title', async (vector) => {
    await expect(verify(vector)).rejects.toThrow(refusal(vector.code))
  })

  it.each(accreditations.decisions)('decides: $title', (vector) => {
    const { accreditation: name, request_key: signer } = vector
    const token = name === null ? null : (accreditations.accreditations[name] ?? '')
    const decision = decideRequest({
      accreditation: token === null ? null : parseAccreditation(token).accreditation,
      requestKey: signer === null ? null : jwkOf(accreditations.keys[signer]),
      query: parseQuery(vector.query),
      recent: vector.recent,
      holdsNumber: vector.holds_number,
    })
    const { outcome, code, query, findings, consents } = decision
    expect({
      outcome,
      code,
      query,
      findings: findings.map(({ credentialId, isOfferCovered, ...rest }) => ({
        credential_id: credentialId,
        ...rest,
        is_offer_covered: isOfferCovered,
      })),
      consents: consents.map(({ credentialId, ...rest }) => ({
        credential_id: credentialId,
        ...rest,
      })),
    }).toEqual(vector.expect)
  })
})

type Titled = { readonly title: string; readonly token: string }
const messages: {
  readonly now: number
  readonly accreditation: string
  readonly receipts: {
    readonly presentations: readonly string[]
    readonly other_presentation: string
    readonly shows: readonly { hash: string; vct: string; claims: readonly ClaimPath[] }[]
    readonly accept: readonly Titled[]
    readonly reject: readonly Titled[]
  }
  readonly deletion: {
    readonly request: { readonly presentation: string; readonly nonce: string }
    readonly reject_requests: readonly { title: string; presentation: string }[]
    readonly accept: readonly (Titled & { outcome: { state: string; due_at?: number } })[]
    readonly reject: readonly Titled[]
  }
  readonly reports: Readonly<
    Record<'accept' | 'reject', readonly { title: string; report: { code: DecisionCode } }[]>
  >
} = read('receipts')
const now = dateOf(messages.now)
const { accreditation } = parseAccreditation(messages.accreditation)

describe('docs/formats/receipts.md: disclosure receipts', () => {
  const { presentations, other_presentation: other, shows, accept, reject } = messages.receipts
  const verifyReceipt = (token: string) =>
    verifyDisclosureReceipt(token, { accreditation, presentations, now })

  it('reads what presentations show', () => {
    expect([...presentations, other].map(presentedClaims)).toEqual(shows)
  })

  it.each(accept)('accepts $title', async ({ token }) => {
    expect((await verifyReceipt(token)).presentations).toEqual(shows.slice(0, 2))
  })

  it.each(reject)('refuses $title', async ({ token }) => {
    await expect(verifyReceipt(token)).rejects.toThrow(refusal('receipt_invalid'))
  })
})

describe('docs/formats/receipts.md: deletion', () => {
  const { request, reject_requests: wrong, accept, reject } = messages.deletion
  const { presentation } = request
  const verifyAnswer = (token: string) =>
    verifyDeletionAnswer(token, { accreditation, presentation, now })

  it('reads a request', () => {
    expect(readDeletionRequest({ presentation })).toEqual(request)
  })

  it.each(wrong)('refuses a request: $title', ({ presentation: text }) => {
    expect(() => readDeletionRequest({ presentation: text })).toThrow(refusal('deletion_malformed'))
  })

  it.each(accept)('accepts the answer: $title', async ({ token, outcome }) => {
    const { due_at, ...rest } = outcome
    const expected = due_at === undefined ? rest : { ...rest, dueAt: dateOf(due_at) }
    expect((await verifyAnswer(token)).outcome).toEqual(expected)
  })

  it.each(reject)('refuses the answer: $title', async ({ token }) => {
    await expect(verifyAnswer(token)).rejects.toThrow(refusal('deletion_answer_invalid'))
  })
})

describe('docs/formats/receipts.md: reports', () => {
  const prove = (report: object) =>
    proveReportedRequest(parseRequestReport(JSON.stringify(report)), {
      accreditations: [accreditation],
    })

  it.each(messages.reports.accept)('accepts $title', async ({ report }) => {
    const { decision } = await prove(report)
    expect(decision?.findings.map(({ code }) => code)).toContain(report.code)
  })

  it.each(messages.reports.reject)('refuses $title', async ({ report }) => {
    await expect(prove(report)).rejects.toThrow(refusal('report_invalid'))
  })
})
