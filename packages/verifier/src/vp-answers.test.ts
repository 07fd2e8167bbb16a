import { parseQuery, type RequestObject } from '@netcert/protocol'
import { beforeAll, describe, expect, it } from 'vitest'
import { openedForAll } from '../../../test/opened-for-all.js'
import { later, testNow } from '../../../test/trust-domain.js'
import { createVpGround, over18, realPerson } from '../../../test/vp-platform-ground.js'
import {
  type Held,
  membersOf,
  postForm,
  presentFor,
  type ReadRequest,
  readVpRequest,
} from '../../../test/vp-wallet-ground.js'

const refusal = (code: string) => expect.objectContaining({ code })
const adult = [['age_equal_or_over', '18']] as const
const person = [['real_person']] as const

const ground = openedForAll(() => createVpGround())
let second: Held
beforeAll(async () => {
  second = await ground.newHeld()
})

const [credential] = over18.credentials
const [other] = realPerson.credentials
const two = (extra: object = {}) =>
  parseQuery({
    credentials: [
      { ...credential, id: 'adult' },
      { ...other, id: 'person' },
    ],
    ...extra,
  })

async function ask(query = over18) {
  const asked = await ground.engine.createRequest({ query, clientId: 'did', mode: 'direct_post' })
  return { ...asked, read: await readVpRequest(asked.requestUri) }
}

const show = (
  read: ReadRequest,
  held = ground.held,
  paths: readonly (readonly string[])[] = adult,
) => presentFor(read, held, { issuedAt: testNow, paths })

const send = (request: RequestObject, members: Record<string, unknown>) =>
  postForm(request.response_uri ?? '', members)

/** What becomes of an answer: the wallet's status, and the code the front end meets. */
async function outcome(
  query: ReturnType<typeof two>,
  tokenOf: (read: ReadRequest) => Promise<object>,
) {
  const { session, read } = await ask(query)
  const { status } = await send(read.request, membersOf(read.request, await tokenOf(read)))
  const result = await ground.engine
    .result(session, null)
    .catch((error: { code: string }) => error.code)
  return { status, result }
}

describe('an answer for several credentials', () => {
  it('gives every result by the id of its query, the first one on top', async () => {
    const { status, result } = await outcome(two(), async (read) => ({
      person: [await show(read, second, person)],
      adult: [await show(read)],
    }))
    expect(status).toBe(200)
    expect(result).toMatchObject({
      facts: { age_equal_or_over: { '18': true } },
      credentials: {
        adult: [{ facts: { age_equal_or_over: { '18': true } } }],
        person: [{ assurance: 'document+face' }],
      },
    })
  })

  it('has the first query on top whatever the ids: accounts hang on it', async () => {
    const [adults, persons] = two().credentials
    const query = parseQuery({ credentials: [adults, { ...persons, id: '1' }] })
    const { result } = await outcome(query, async (read) => ({
      adult: [await show(read)],
      1: [await show(read, second, person)],
    }))
    expect(result).toMatchObject({
      ...{ facts: { age_equal_or_over: { '18': true } }, assurance: null },
      credentials: { 1: [{ assurance: 'document+face' }] },
    })
  })

  it.each<[string, (read: ReadRequest) => Promise<object>, string]>([
    ['leaves one out', async (read) => ({ adult: [await show(read)] }), 'query_unsatisfied'],
    [
      'answers a query that was not asked',
      async (read) => ({
        ...{ adult: [await show(read)], person: [await show(read, second, person)] },
        extra: [await show(read)],
      }),
      'query_unsatisfied',
    ],
    [
      'gives two where one was asked',
      async (read) => ({
        adult: [await show(read), await show(read, second)],
        person: [await show(read, second, person)],
      }),
      'query_unsatisfied',
    ],
    [
      'shows one certificate twice',
      async (read) => ({
        adult: [await show(read)],
        person: [await show(read, ground.held, person)],
      }),
      'presentation_repeated',
    ],
    [
      'shows the right claims under the wrong id',
      async (read) => ({ adult: [await show(read, second, person)], person: [await show(read)] }),
      'query_unsatisfied',
    ],
  ])('is refused when it %s', async (_what, tokenOf, code) => {
    const { status, result } = await outcome(two(), tokenOf)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(result).toBe(code)
  })

  it('may choose an option of a set, and leave out what is optional', async () => {
    const either = two({ credential_sets: [{ options: [['adult'], ['person']] }] })
    const chosen = await outcome(either, async (read) => ({
      person: [await show(read, second, person)],
    }))
    expect(chosen.result).toMatchObject({ assurance: 'document+face' })
    const optional = two({
      credential_sets: [{ options: [['adult']] }, { options: [['person']], required: false }],
    })
    const bare = await outcome(optional, async (read) => ({ adult: [await show(read)] }))
    expect(bare).toMatchObject({ status: 200, result: { verified: true } })
    const wrong = await outcome(optional, async (read) => ({
      person: [await show(read, second, person)],
    }))
    expect(wrong.result).toBe('query_unsatisfied')
  })

  it('may hold several where several were asked, each another one', async () => {
    const multiple = parseQuery({ credentials: [{ ...credential, multiple: true }] })
    const both = await outcome(multiple, async (read) => ({
      certificate: [await show(read), await show(read, second)],
    }))
    expect(both.result).toMatchObject({ credentials: { certificate: [{}, {}] } })
    const same = await outcome(multiple, async (read) => {
      const shown = await show(read)
      return { certificate: [shown, shown] }
    })
    expect(same.result).toBe('presentation_repeated')
  })

  it('cannot be asked for in formats that are not judged here', async () => {
    const foreign = { id: 'x', format: 'mso_mdoc', meta: { doctype_value: 'a' } }
    const query = parseQuery({ credentials: [credential, foreign] })
    await expect(ask(query)).rejects.toEqual(refusal('query_unsupported'))
  })
})

describe('an answer', () => {
  it.each<[string, object, string]>([
    ['for another nonce', { nonce: 'another' }, 'kb_nonce'],
    ['for another verifier', { audience: 'https://other.example' }, 'kb_aud'],
    ['for our DID without its prefix', { audience: 'did:key:z' }, 'kb_aud'],
    ['signed 301 s ago', { issuedAt: later(-301) }, 'kb_iat'],
    ['signed 61 s ahead', { issuedAt: later(61) }, 'kb_iat'],
    ['without the claim', { paths: person }, 'query_unsatisfied'],
  ])('%s is refused, for good', async (_what, changed, code) => {
    const { session, read } = await ask()
    const shown = await presentFor(read, ground.held, { issuedAt: testNow, ...changed })
    const heard = await send(read.request, membersOf(read.request, { certificate: [shown] }))
    expect(heard).toMatchObject({ status: 422, body: { error: 'invalid_request', code } })
    expect(JSON.stringify(heard.body)).toMatch(/^[\x20-\x7e]*$/)
    await expect(ground.engine.result(session, null)).rejects.toEqual(refusal(code))
    const good = membersOf(read.request, { certificate: [await show(read)] })
    expect((await send(read.request, good)).body).toMatchObject({ code: 'session_used' })
  })

  it.each<[string, (request: RequestObject, vpToken: string) => Record<string, unknown>, string]>([
    ['with the state of another', (_r, t) => ({ vp_token: t, state: 'another' }), 'state_mismatch'],
    ['without its state', (_r, t) => ({ vp_token: t }), 'state_mismatch'],
    ['with vp_token no object', ({ state }) => ({ vp_token: '[]', state }), 'message_malformed'],
    ['with an empty vp_token', ({ state }) => ({ vp_token: '{}', state }), 'answer_malformed'],
    [
      'with a bare text',
      ({ state }) => ({ vp_token: '{"certificate":"a~"}', state }),
      'answer_malformed',
    ],
    ['with neither', ({ state }) => ({ state }), 'answer_malformed'],
    [
      'with both',
      ({ state }, t) => ({ vp_token: t, error: 'access_denied', state }),
      'answer_malformed',
    ],
  ])('%s changes nothing', async (_what, change, code) => {
    const { session, read } = await ask()
    const vpToken = JSON.stringify({ certificate: [await show(read)] })
    const heard = await send(read.request, change(read.request, vpToken))
    expect(heard).toMatchObject({ status: 400, body: { error: 'invalid_request', code } })
    expect(await ground.engine.progress(session)).toBe('waiting')
    const good = await send(read.request, { vp_token: vpToken, state: read.request.state })
    expect(good.status).toBe(200)
  })

  it('with parameters nobody knows is taken', async () => {
    const { read } = await ask()
    const members = membersOf(read.request, { certificate: [await show(read)] })
    expect((await send(read.request, { ...members, iss: 'x', unknown: '1' })).status).toBe(200)
  })

  it.each([
    ['access_denied', 'wallet_declined'],
    ['invalid_request', 'wallet_failed'],
    ['vp_formats_not_supported', 'wallet_failed'],
    ['some_error_of_its_own', 'wallet_failed'],
  ])('that says %s ends the request as %s', async (error, code) => {
    const { session, read } = await ask()
    const form = { error, error_description: 'a text of the wallet', state: read.request.state }
    expect(await send(read.request, form)).toEqual({ status: 200, body: {} })
    const met = await ground.engine.result(session, null).catch((thrown: unknown) => thrown)
    expect(met).toEqual(refusal(code))
    expect(String(met)).not.toContain('a text of the wallet')
  })

  it('comes too late after 300 s', async () => {
    const { read } = await ask()
    const members = membersOf(read.request, { certificate: [await show(read)] })
    ground.setNow(later(300))
    const heard = await send(read.request, members)
    ground.setNow(testNow)
    expect(heard).toMatchObject({ status: 404, body: { code: 'session_expired' } })
  })
})
