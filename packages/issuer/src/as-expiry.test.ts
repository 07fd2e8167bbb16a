import { afterEach, describe, expect, it, vi } from 'vitest'
import { serveTestIssuer } from '../../../test/issuer-server-ground.js'
import {
  authorize,
  authorizeUrl,
  CLIENT_ID,
  locationOf,
  logIn,
  postToken,
  pushRequest,
  redeem,
} from '../../../test/oauth-flow.js'
import { createBrowser } from '../../../test/oauth-wallet.js'
import { openedForAll } from '../../../test/opened-for-all.js'

/** The library asks the system's clock, so that one is moved; nothing else is. */
describe('the end of', () => {
  const served = openedForAll(() => serveTestIssuer({ citizens: 12 }))
  afterEach(() => vi.useRealTimers())

  const later = (seconds: number) => {
    const now = Date.now()
    vi.useFakeTimers({ toFake: ['Date'], now: now + seconds * 1000 })
  }

  it.each([
    [50, 200],
    [61, 400],
  ])('a code: after %i seconds it is answered with %i', async (seconds, status) => {
    const authorized = await authorize(served)
    later(seconds)
    const answer = await redeem(served, authorized)
    expect(answer.status).toBe(status)
    if (status === 400) expect(answer.body['error']).toBe('invalid_grant')
  })

  it.each([
    [50, 303],
    [61, 400],
  ])('a pushed request: after %i seconds it is answered with %i', async (seconds, status) => {
    const { requestUri } = await pushRequest(served)
    later(seconds)
    const page = await createBrowser().get(authorizeUrl(served, requestUri))
    expect(page.status).toBe(status)
    if (status === 400) expect(page.headers.get('location')).toBeNull()
  })

  it('a login that takes longer than ten minutes', async () => {
    const { requestUri } = await pushRequest(served)
    const browser = createBrowser()
    const login = locationOf(await browser.get(authorizeUrl(served, requestUri)))
    later(620)
    expect((await browser.get(login)).status).toBe(400)
  })

  it('a one-time code: after five minutes it is wrong', async () => {
    const { requestUri } = await pushRequest(served)
    const browser = createBrowser()
    const login = locationOf(await browser.get(authorizeUrl(served, requestUri)))
    const { documentNumber, name } = served.nextPerson()
    await browser.submit(`${login}/person`, { document_number: documentNumber, name })
    later(301)
    const answer = await browser.submit(`${login}/code`, { code: served.codes.at(-1)!.code })
    expect(answer.status).toBe(400)
  })

  it.each([
    [59 * 86_400, 200],
    [61 * 86_400, 400],
  ])('a refresh token: after %i seconds it is answered with %i', async (seconds, status) => {
    const authorized = await authorize(served)
    const { body } = await redeem(served, authorized)
    later(seconds)
    const form = {
      client_id: CLIENT_ID,
      grant_type: 'refresh_token',
      refresh_token: String(body['refresh_token']),
    }
    expect((await postToken(served, form, authorized.key)).status).toBe(status)
  })

  it('a consent that is put off until the person comes back', async () => {
    const { requestUri } = await pushRequest(served)
    const browser = createBrowser()
    const start = authorizeUrl(served, requestUri)
    const consent = await logIn(served, browser, start, served.nextPerson())
    later(620)
    expect(locationOf(await browser.submit(`${consent}/consent`, { decision: 'agree' }))).toBe('')
  })
})
