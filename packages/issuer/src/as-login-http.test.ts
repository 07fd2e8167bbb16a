import { describe, expect, it } from 'vitest'
import { type Citizen, serveTestIssuer } from '../../../test/issuer-server-ground.js'
import {
  agree,
  authorizeUrl,
  locationOf,
  logIn,
  pushRequest,
  redeem,
} from '../../../test/oauth-flow.js'
import { type Browser, createBrowser } from '../../../test/oauth-wallet.js'
import { openedForAll } from '../../../test/opened-for-all.js'

const served = openedForAll(() => serveTestIssuer({ citizens: 16 }))

type AtLogin = { readonly browser: Browser; readonly login: string }

async function atLogin(changes: Record<string, string | null> = {}): Promise<AtLogin> {
  const { requestUri } = await pushRequest(served, changes)
  const browser = createBrowser()
  const login = locationOf(await browser.get(authorizeUrl(served, requestUri)))
  await browser.get(login)
  return { browser, login }
}

const state = ({ browser, login }: AtLogin, person: Pick<Citizen, 'documentNumber' | 'name'>) =>
  browser.submit(`${login}/person`, {
    document_number: person.documentNumber,
    name: person.name,
  })

describe('the login page', () => {
  it.each([
    ['zh-CN,zh;q=0.9', 'zh-CN', '证件号码'],
    ['en-GB,en;q=0.8', 'en', 'Document number'],
    ['fr', 'zh-CN', '证件号码'],
  ])('speaks to a browser that asks for %s in %s', async (accept, language, label) => {
    const { browser, login } = await atLogin()
    const page = await browser.get(login, { 'accept-language': accept })
    expect(page.text).toContain(`lang="${language}"`)
    expect(page.text).toContain(label)
    const other = await browser.get(`${login}?lang=${language === 'en' ? 'zh-CN' : 'en'}`)
    expect(other.text).not.toContain(label)
  })

  it('runs nothing, loads nothing, is framed by nobody and kept by no cache', async () => {
    const { browser, login } = await atLogin()
    const { headers, text } = await browser.get(login)
    const policy = headers.get('content-security-policy')!
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("form-action 'self'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toMatch(/unsafe|script-src/)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(text).not.toMatch(/<script|javascript:|\son\w+=/i)
  })

  it('belongs to the browser that began: without its cookie there is nothing', async () => {
    const { login } = await atLogin()
    const stranger = createBrowser()
    expect((await stranger.get(login)).status).toBe(400)
    const answer = await stranger.submit(`${login}/person`, { document_number: 'x', name: 'y' })
    expect(answer.status).toBe(400)
    const other = await atLogin()
    expect((await other.browser.get(login)).status).toBe(400)
  })

  it('tells nobody who is on record: the answers are the same to the byte', async () => {
    const known = await atLogin()
    const person = served.nextPerson()
    const sent = served.codes.length
    const plain = (text: string, { login }: AtLogin) => text.replaceAll(new URL(login).pathname, '')
    const found = plain((await state(known, person)).text, known)
    expect(served.codes).toHaveLength(sent + 1)
    for (const wrong of [
      { documentNumber: '999999999999999999', name: person.name },
      { documentNumber: person.documentNumber, name: `${person.name}二` },
      { documentNumber: '', name: '' },
      { documentNumber: 'x'.repeat(2000), name: '\u202e' },
    ]) {
      const stranger = await atLogin()
      expect(plain((await state(stranger, wrong)).text, stranger)).toBe(found)
    }
    expect(served.codes).toHaveLength(sent + 1)
  })

  it('finds a person by a number in full width and a name with spaces', async () => {
    const step = await atLogin()
    const person = served.nextPerson()
    const wide = person.documentNumber.replace(/\d/g, (digit) =>
      String.fromCharCode(digit.charCodeAt(0) + 0xfee0),
    )
    await state(step, { documentNumber: ` ${wide} `, name: Array.from(person.name).join(' ') })
    expect(served.codes.at(-1)?.citizen).toBe(person.reference)
  })

  it('takes five guesses at a code and then not even the right one', async () => {
    const step = await atLogin()
    await state(step, served.nextPerson())
    const right = served.codes.at(-1)!.code
    const wrong = right === '000000' ? '111111' : '000000'
    await Promise.all(
      Array.from({ length: 5 }, () => step.browser.submit(`${step.login}/code`, { code: wrong })),
    )
    const answer = await step.browser.submit(`${step.login}/code`, { code: right })
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null])
  })

  it('takes the right code on the fifth guess', async () => {
    const step = await atLogin()
    await state(step, served.nextPerson())
    const right = served.codes.at(-1)!.code
    const wrong = right === '000000' ? '111111' : '000000'
    for (let guess = 1; guess < 5; guess++) {
      expect((await step.browser.submit(`${step.login}/code`, { code: wrong })).status).toBe(400)
    }
    expect((await step.browser.submit(`${step.login}/code`, { code: right })).status).toBe(303)
  })

  it('takes a code once, and only the newest', async () => {
    const step = await atLogin()
    const person = served.nextPerson()
    await state(step, person)
    const old = served.codes.at(-1)!.code
    await state(step, person)
    const right = served.codes.at(-1)!.code
    if (old !== right) {
      expect((await step.browser.submit(`${step.login}/code`, { code: old })).status).toBe(400)
    }
    const answers = await Promise.all(
      [1, 2, 3].map(() => step.browser.submit(`${step.login}/code`, { code: right })),
    )
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1)
  })

  it('sends three codes in one interaction and four to one person in a quarter of an hour', async () => {
    const person = served.nextPerson()
    const sent = served.codes.length
    const first = await atLogin()
    for (let time = 0; time < 5; time++) await state(first, person)
    expect(served.codes).toHaveLength(sent + 3)
    for (let time = 0; time < 3; time++) await state(await atLogin(), person)
    expect(served.codes).toHaveLength(sent + 4)
  })

  it('puts nothing about the person in addresses, pages or the log', async () => {
    const step = await atLogin()
    const person = served.nextPerson()
    const page = await state(step, person)
    const code = served.codes.at(-1)!.code
    const resume = await step.browser.submit(`${step.login}/code`, { code })
    const consentAt = locationOf(await step.browser.get(locationOf(resume)))
    const consent = await step.browser.get(consentAt)
    const seen = [page.text, locationOf(resume), consentAt, consent.text, ...served.log].join('\n')
    for (const secret of [person.documentNumber, person.name, person.reference, code]) {
      expect(seen).not.toContain(secret)
    }
  })
})

describe('the consent page', () => {
  it('shows who asks, for what, and where it leads, and lets its form lead there', async () => {
    const { requestUri } = await pushRequest(served, {
      client_id: 'a<b>"wallet"',
      redirect_uri: 'com.example.wallet:/callback',
      scope: 'gate-pass network-certificate',
    })
    const browser = createBrowser()
    const start = authorizeUrl(served, requestUri, 'a<b>"wallet"')
    const consent = await logIn(served, browser, start, served.nextPerson())
    const page = await browser.get(consent, { 'accept-language': 'en' })
    expect(page.text).toContain('a&#60;b&#62;&#34;wallet&#34;')
    expect(page.text).toContain('com.example.wallet:')
    expect(page.headers.get('content-security-policy')).toContain(
      "form-action 'self' com.example.wallet:;",
    )
    const back = locationOf(await agree(browser, consent))
    expect(back).toMatch(/^com\.example\.wallet:\/callback\?code=/)
  })
})

describe('an authorization that began with an offer', () => {
  it('is bound to it, when the person of the offer logs in', async () => {
    const person = served.nextPerson()
    const { secret } = await served.offer({
      grant: 'authorization-code',
      citizen: person.reference,
    })
    const asking = await pushRequest(served, { issuer_state: secret })
    const browser = createBrowser()
    const start = authorizeUrl(served, asking.requestUri)
    const consent = await logIn(served, browser, start, person)
    const redirect = new URL(locationOf(await agree(browser, consent)))
    const code = redirect.searchParams.get('code')!
    expect((await redeem(served, { ...asking, browser, redirect, code })).status).toBe(200)
  })

  it('cannot be taken up by somebody else', async () => {
    const { secret } = await served.offer({
      grant: 'authorization-code',
      citizen: served.nextPerson().reference,
    })
    const { requestUri } = await pushRequest(served, { issuer_state: secret })
    const browser = createBrowser()
    const consent = await logIn(
      served,
      browser,
      authorizeUrl(served, requestUri),
      served.nextPerson(),
    )
    expect((await browser.get(consent)).text).not.toContain('value="agree"')
    expect(locationOf(await agree(browser, consent))).toContain('error=access_denied')
  })

  it('goes on as if there was none with a forged issuer_state', async () => {
    const { requestUri } = await pushRequest(served, { issuer_state: 'forged' })
    const browser = createBrowser()
    const consent = await logIn(
      served,
      browser,
      authorizeUrl(served, requestUri),
      served.nextPerson(),
    )
    expect(locationOf(await agree(browser, consent))).toContain('code=')
  })
})
