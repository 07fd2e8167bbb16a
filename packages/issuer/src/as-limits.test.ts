import { describe, expect, it } from 'vitest'
import { serveTestIssuer } from '../../../test/issuer-server-ground.js'
import {
  authorize,
  authorizeUrl,
  codeForm,
  locationOf,
  logIn,
  postToken,
  pushRequest,
  requestForm,
} from '../../../test/oauth-flow.js'
import {
  type Browser,
  createBrowser,
  createDpopKey,
  createPkce,
  postForm,
} from '../../../test/oauth-wallet.js'
import { openedForAll } from '../../../test/opened-for-all.js'

const FORM = 32 * 1024
const LOGIN_FORM = 8 * 1024
/** Other parameters carry the length: each value is bounded by itself. */
const FILLER = 'a'.repeat(15_000)

const served = openedForAll(() => serveTestIssuer({ citizens: 6 }))

/** The form with unknown parameters, so that its text has exactly so many bytes. */
function ofLength(form: Readonly<Record<string, string>>, bytes: number): string {
  const start = `${new URLSearchParams(form)}&unknown_1=${FILLER}&unknown_2=`
  return start + 'x'.repeat(bytes - start.length)
}

/** The form with unknown parameters, so that it has exactly so many. */
function ofCount(form: Readonly<Record<string, string>>, count: number): Record<string, string> {
  const more = Array.from({ length: count - Object.keys(form).length }, (_, at) => `unknown_${at}`)
  return { ...form, ...Object.fromEntries(more.map((name) => [name, '1'])) }
}

const statusAndError = ({ status, body }: { status: number; body: Record<string, unknown> }) => [
  status,
  body['error'],
]

describe('a pushed request', () => {
  it.each([
    [FORM - 1, [201, undefined]],
    [FORM, [201, undefined]],
    [FORM + 1, [413, 'invalid_request']],
  ])('of %i bytes is answered %j', async (bytes, expected) => {
    const form = ofLength(requestForm(createPkce()), bytes)
    const answer = await postForm(`${served.url}/par`, form, { key: await createDpopKey() })
    expect(statusAndError(answer)).toEqual(expected)
  })

  it.each([
    [19, [201, undefined]],
    [20, [201, undefined]],
    [21, [400, 'invalid_request']],
  ])('of %i parameters is answered %j', async (count, expected) => {
    const form = ofCount(requestForm(createPkce()), count)
    const answer = await postForm(`${served.url}/par`, form, { key: await createDpopKey() })
    expect(statusAndError(answer)).toEqual(expected)
  })
})

describe('a request for a token', () => {
  it('is taken with 32 KiB and refused with a byte more, which uses nothing up', async () => {
    for (const [bytes, refused] of [
      [FORM - 1, false],
      [FORM, false],
      [FORM + 1, true],
    ] as const) {
      const authorized = await authorize(served)
      const long = ofLength(codeForm(authorized), bytes)
      const first = statusAndError(await postToken(served, long, authorized.key))
      expect(first).toEqual(refused ? [413, 'invalid_request'] : [200, undefined])
      if (!refused) continue
      expect((await postToken(served, codeForm(authorized), authorized.key)).status).toBe(200)
    }
  })

  it('that is far too large is refused before it has come', async () => {
    const endless = `grant_type=x&unknown=${'x'.repeat(20_000_000)}`
    const began = performance.now()
    expect((await postToken(served, endless, undefined)).status).toBe(413)
    expect(performance.now() - began).toBeLessThan(5_000)
  })
})

type AtLogin = { readonly browser: Browser; readonly login: string }

async function atLogin(): Promise<AtLogin> {
  const { requestUri } = await pushRequest(served)
  const browser = createBrowser()
  return { browser, login: locationOf(await browser.get(authorizeUrl(served, requestUri))) }
}

describe('a login form', () => {
  const person = { document_number: 'X1', name: 'nobody' }

  it.each([
    [LOGIN_FORM - 1, 200],
    [LOGIN_FORM, 200],
    [LOGIN_FORM + 1, 413],
  ])('of %i bytes is answered %i', async (bytes, status) => {
    const { browser, login } = await atLogin()
    const bare = new URLSearchParams({ ...person, filler: '' }).toString().length
    const form = { ...person, filler: 'x'.repeat(bytes - bare) }
    expect((await browser.submit(`${login}/person`, form)).status).toBe(status)
  })

  it.each([
    [9, 200],
    [10, 200],
    [11, 413],
  ])('of %i parameters is answered %i', async (count, status) => {
    const { browser, login } = await atLogin()
    expect((await browser.submit(`${login}/person`, ofCount(person, count))).status).toBe(status)
  })
})

describe('a name that a wallet gives itself', () => {
  it.each([
    [199, 'whole'],
    [200, 'whole'],
    [201, 'shortened'],
  ] as const)('of %i signs is shown %s on the consent page', async (length, shown) => {
    // The page puts words before it, which count too.
    const words = 'A wallet nobody vouches for; it calls itself: '.length
    const clientId = 'w'.repeat(length - words)
    const { requestUri } = await pushRequest(served, { client_id: clientId })
    const browser = createBrowser()
    const start = authorizeUrl(served, requestUri, clientId)
    const consent = await logIn(served, browser, start, served.nextPerson())
    const { text } = await browser.get(consent, { 'accept-language': 'en' })
    expect(text.includes(`${clientId}</dd>`)).toBe(shown === 'whole')
    expect(text.includes('w…</dd>')).toBe(shown === 'shortened')
  })
})
