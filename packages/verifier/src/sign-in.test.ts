import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createPerson, type NumberedCopy } from '../../../test/accreditation-ground.js'
import {
  type Browser,
  createSignInGround,
  type SignInGround,
} from '../../../test/sign-in-ground.js'
import { later, testNow } from '../../../test/trust-domain.js'
import { verifiedByOtherMeans } from './result.js'
import { signIn } from './sign-in.js'

const person = createPerson()
const COOKIE = 'netcert-account'
const refused = (status: number, error: string) => ({ status, body: { error } })

let ground: SignInGround
let copy: NumberedCopy
let phone: Browser
beforeAll(async () => {
  ground = await createSignInGround({
    ownLogin: ({ header }) => /own=([\w-]+)/.exec(header('cookie') ?? '')?.[1] ?? null,
    otherMeans: ({ header }, question) =>
      header('cookie')?.includes('counter=yes') === true && question === 'sign-in'
        ? verifiedByOtherMeans({
            ...{ checkedBy: 'https://shop.example/counter', role: 'self' },
            ...{ platformNumber: 'customer-7', assurance: 'document', facts: {} },
            ...{ checkedAt: testNow, now: testNow },
          })
        : null,
  })
  copy = await ground.copy(person)
})
afterAll(() => ground.close())
beforeEach(() => {
  ground.setTime(testNow)
  phone = ground.browser()
})

describe('sign-in with a platform number', () => {
  it('makes an account the first time, and opens the same one from another phone', async () => {
    const first = await phone.signIn(copy)
    expect(first).toMatchObject({
      status: 200,
      body: { account: expect.stringMatching(/^\S{22}$/) },
    })
    const seen = await phone.get('/account')
    expect(seen).toMatchObject({ status: 200, body: { account: first.body['account'] } })
    const second = await ground.browser().signIn(await ground.copy(person))
    expect(second.body['account']).toBe(first.body['account'])
    expect(JSON.stringify([first.body, seen.body])).not.toMatch(/P[0-9A-HJKMNP-TV-Z]{22}/)
  })

  it('does not open it for a friend, or for a guardian who shows the same number', async () => {
    const { body } = await phone.signIn(copy)
    const friend = await ground.browser().signIn(await ground.copy(createPerson()))
    const guardian = await ground
      .browser()
      .signIn(await ground.copy(person, { vct: 'urn:netcert:ward-certificate:1' }))
    expect([friend.status, guardian.status]).toEqual([200, 200])
    const ids = [body['account'], friend.body['account'], guardian.body['account']]
    expect(new Set(ids).size).toBe(3)
  })

  it('takes no answer, a used one, or one from another browser', async () => {
    expect(await phone.post('/sign-in')).toMatchObject(refused(404, 'transaction_missing'))
    await phone.signIn(copy)
    expect(await phone.post('/sign-in')).toMatchObject(refused(409, 'result_delivered'))
    expect(await ground.browser().get('/account')).toMatchObject(refused(401, 'sign_in_required'))
  })

  it('gives whoever was verified by other means an account through the same code', async () => {
    phone.cookies.set('counter', 'yes')
    const counter = await phone.post('/sign-in')
    expect(counter.status).toBe(200)
    expect((await phone.post('/sign-in')).body['account']).toBe(counter.body['account'])
    const certificate = await ground.browser().signIn(copy)
    expect(Object.keys(counter.body)).toEqual(Object.keys(certificate.body))
    expect(certificate.body['account']).not.toBe(counter.body['account'])
  })

  it('makes no account where the platform makes none', async () => {
    const closed = await createSignInGround({ newAccount: () => null })
    const stranger = await closed.copy(createPerson())
    expect(await closed.browser().signIn(stranger)).toMatchObject(refused(404, 'account_unknown'))
    await closed.accounts.link('self|P1|did:key:z' as never, 'u-1')
    expect(await closed.browser().signIn(stranger)).toMatchObject(refused(404, 'account_unknown'))
    await closed.close()
  })

  it('cannot be set up without another way to be seen again', () => {
    const none = { alternatives: [] }
    const untold = { alternatives: [{ en: 'Call us', 'zh-CN': ' ' }] }
    for (const reAuthentication of [none, untold]) {
      expect(() => signIn({ baseUrl: 'https://shop.example', reAuthentication } as never)).toThrow(
        TypeError,
      )
    }
  })
})

describe('a session', () => {
  const token = () => phone.cookies.get(COOKIE) ?? ''

  it('is fresh at every sign-in, and one that the browser brought along ends', async () => {
    phone.cookies.set(COOKIE, 'A'.repeat(43))
    await phone.signIn(copy)
    const first = token()
    expect(first).toMatch(/^[\w-]{43}$/)
    expect(first).not.toBe('A'.repeat(43))
    await phone.signIn(copy)
    expect(token()).not.toBe(first)
    phone.cookies.set(COOKIE, first)
    expect(await phone.get('/account')).toMatchObject(refused(401, 'sign_in_required'))
  })

  it('stands in a cookie that no script and no other page can use', async () => {
    const { cookies } = await phone.signIn(copy)
    expect(cookies[COOKIE]).toMatch(/; Path=\/; HttpOnly; SameSite=Lax$/)
    const secure = signIn({
      ...{ baseUrl: 'https://shop.example/netcert', queries: {}, drawQr: () => [], script: '' },
      ...{ engine: ground.engine, accounts: ground.accounts },
      reAuthentication: { alternatives: [{ en: 'Counter', 'zh-CN': '柜台' }] },
    })
    const url = 'https://shop.example/netcert/sign-out'
    const { headers } = await secure.handler(new Request(url, { method: 'POST' }))
    expect(headers.get('set-cookie')).toMatch(
      /^__Host-netcert-account=; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=0$/,
    )
  })

  it('is neither opened nor ended by a page of somebody else', async () => {
    await phone.signIn(copy)
    const origin = 'https://evil.example'
    for (const path of ['/sign-in', '/sign-out', '/link', '/unlink', '/appeal']) {
      expect(await phone.post(path, { origin })).toMatchObject(refused(403, 'cross_site'))
    }
    expect((await phone.get('/account')).status).toBe(200)
  })

  it('ends half an hour after the last request, and twelve hours after the first', async () => {
    await phone.signIn(copy)
    ground.setTime(later(29 * 60))
    expect((await phone.get('/account')).status).toBe(200)
    ground.setTime(later(58 * 60))
    expect((await phone.get('/account')).status).toBe(200)
    ground.setTime(later(89 * 60))
    expect(await phone.get('/account')).toMatchObject(refused(401, 'sign_in_required'))
    ground.setTime(testNow)
    await phone.signIn(copy)
    for (let minutes = 0; minutes < 12 * 60; minutes += 20) {
      ground.setTime(later(minutes * 60))
      expect((await phone.get('/account')).status).toBe(200)
    }
    ground.setTime(later(12 * 3600))
    expect(await phone.get('/account')).toMatchObject(refused(401, 'sign_in_required'))
  })

  it('ends when its owner signs out, and one that was guessed never began', async () => {
    await phone.signIn(copy)
    const kept = token()
    expect((await phone.post('/sign-out')).status).toBe(200)
    for (const value of [kept, 'B'.repeat(43), '', "' or 1=1 --"]) {
      phone.cookies.set(COOKIE, value)
      expect(await phone.get('/account')).toMatchObject(refused(401, 'sign_in_required'))
    }
  })
})

describe('linking a certificate', () => {
  const linked = async (owner: string, shown: NumberedCopy) => {
    const browser = ground.browser()
    browser.cookies.set('own', owner)
    return { browser, heard: await browser.answer('sign-in', shown, { deliverTo: '/link' }) }
  }

  it('lets it open an account that its owner had before', async () => {
    const shown = await ground.copy(createPerson())
    const { heard, browser } = await linked('old-customer', shown)
    expect(heard).toMatchObject({ status: 200, body: { account: 'old-customer' } })
    expect((await ground.browser().signIn(shown)).body['account']).toBe('old-customer')
    expect((await browser.post('/unlink')).status).toBe(200)
    expect(await browser.get('/account')).toMatchObject(refused(401, 'sign_in_required'))
    expect((await ground.browser().signIn(shown)).body['account']).not.toBe('old-customer')
  })

  it('is refused to whoever is not signed in by the platform’s own means', async () => {
    const shown = await ground.copy(createPerson())
    const there = { deliverTo: '/link' }
    expect(await phone.answer('sign-in', shown, there)).toMatchObject(
      refused(401, 'sign_in_required'),
    )
    await phone.signIn(copy)
    expect(await phone.answer('sign-in', shown, there)).toMatchObject(
      refused(401, 'sign_in_required'),
    )
  })

  it('is refused for a certificate of another account, and for a second certificate', async () => {
    const shown = await ground.copy(createPerson())
    await linked('one', shown)
    expect((await linked('two', shown)).heard).toMatchObject(
      refused(409, 'account_linked_elsewhere'),
    )
    const friend = await ground.copy(createPerson())
    expect((await linked('one', friend)).heard).toMatchObject(
      refused(409, 'account_linked_elsewhere'),
    )
  })
})
