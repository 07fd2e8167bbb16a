import { decodeTextBase64Url } from '@netcert/credential'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  createPerson,
  type NumberedCopy,
  presentNumbered,
} from '../../../test/accreditation-ground.js'
import {
  type Browser,
  createSignInGround,
  type SignInGround,
} from '../../../test/sign-in-ground.js'
import { later, testNow } from '../../../test/trust-domain.js'
import { postForm } from '../../../test/vp-wallet-ground.js'
import { RE_AUTHENTICATION } from './re-authentication.js'

const refused = (status: number, error: string) => ({ status, body: { error } })

let ground: SignInGround
let phone: Browser
beforeAll(async () => {
  ground = await createSignInGround({
    ownLogin: ({ header }) => /own=([\w-]+)/.exec(header('cookie') ?? '')?.[1] ?? null,
  })
})
afterAll(() => ground.close())
beforeEach(() => {
  ground.setTime(testNow)
  phone = ground.browser()
})

describe('a flagged account', () => {
  const paths = [['platform_number'], ['real_person'], ['presence_at']]
  const RELEASE = { deliverTo: '/re-authentication', paths }
  const seconds = (date: Date) => Math.floor(date.getTime() / 1000)
  let owner = createPerson()
  let id = ''
  beforeEach(async () => {
    owner = createPerson()
    const { body } = await phone.signIn(await ground.copy(owner))
    id = String(body['account'])
    await ground.accounts.flags.flag(id, { reason: 'unusual_place' })
  })
  const seenAt = (date: Date, who = owner) =>
    ground.copy(who, {
      claims: { presence_at: seconds(date), real_person: 'document+face+presence' },
    })
  const prove = (shown: NumberedCopy) => phone.answer(RE_AUTHENTICATION, shown, RELEASE)

  it('has no session any more, and sign-in names the ways out', async () => {
    expect(await phone.get('/account')).toMatchObject(refused(401, 'sign_in_required'))
    const heard = await phone.signIn(await ground.copy(owner))
    expect(heard).toMatchObject({
      status: 403,
      body: {
        ...{ error: 'account_flagged', reason: 'unusual_place' },
        re_authentication: {
          ...{ query: RE_AUTHENTICATION, max_presence_age_seconds: 600 },
          alternatives: [{ en: 'Show a document at the counter of a shop' }],
        },
      },
    })
    expect(await phone.get('/account')).toMatchObject(refused(401, 'sign_in_required'))
  })

  it('is released by its owner’s new copy after a presence check, once', async () => {
    await phone.signIn(await ground.copy(owner))
    const shown = await seenAt(ground.now())
    expect(await prove(shown)).toMatchObject({ status: 200, body: { account: id } })
    expect((await phone.get('/account')).status).toBe(200)
    expect(await prove(shown)).toMatchObject(refused(401, 'sign_in_required'))
    const events = await ground.accounts.flags.events(id)
    expect(events.map(({ event, detail }) => [event, detail])).toEqual([
      ['created', null],
      ['signed_in', null],
      ['flagged', 'unusual_place'],
      ['refused', null],
      ['released', 'presence'],
      ['signed_in', null],
    ])
    expect(JSON.stringify(events)).not.toMatch(/P[0-9A-HJKMNP-TV-Z]{22}/)
  })

  it('stays closed to another citizen who was just seen, and to a guardian of the owner', async () => {
    await phone.signIn(await ground.copy(owner))
    const friend = await seenAt(ground.now(), createPerson())
    expect(await prove(friend)).toMatchObject(refused(422, 'different_holder'))
    await phone.signIn(await ground.copy(owner))
    const guardian = await ground.copy(owner, {
      vct: 'urn:netcert:ward-certificate:1',
      claims: { presence_at: seconds(ground.now()) },
    })
    expect((await prove(guardian)).status).toBe(422)
    expect(await ground.accounts.read(id)).toMatchObject({ flag: { reason: 'unusual_place' } })
  })

  it('stays closed with a check that is too old, or with none', async () => {
    await phone.signIn(await ground.copy(owner))
    expect(await prove(await seenAt(later(-660)))).toMatchObject(refused(422, 'presence_too_old'))
    const without = await ground.copy(owner)
    const shown = { deliverTo: '/re-authentication', paths: paths.slice(0, 2) }
    expect(await phone.answer(RE_AUTHENTICATION, without, shown)).toMatchObject(
      refused(422, 'query_unsatisfied'),
    )
    expect(await ground.accounts.read(id)).toMatchObject({ flag: { reason: 'unusual_place' } })
  })

  it('lets nobody start re-authentication, or appeal, who did not prove to be its owner', async () => {
    expect(await phone.post(`/start?query=${RE_AUTHENTICATION}`)).toMatchObject(
      refused(401, 'sign_in_required'),
    )
    expect(await phone.post('/appeal', { form: { text: 'let me in' } })).toMatchObject(
      refused(401, 'sign_in_required'),
    )
    const friend = ground.browser()
    await friend.signIn(await ground.copy(createPerson()))
    expect(await friend.post('/appeal', { form: { text: 'let me in' } })).toMatchObject(
      refused(401, 'sign_in_required'),
    )
  })

  it('is not released by signing in again, nor by an answer to another question', async () => {
    await phone.signIn(await ground.copy(owner))
    const shown = await seenAt(ground.now())
    expect(await phone.signIn(shown)).toMatchObject(refused(403, 'account_flagged'))
    const heard = await phone.answer('sign-in', shown, { deliverTo: '/re-authentication' })
    expect(heard).toMatchObject(refused(422, 'purpose_differs'))
  })

  it('takes an appeal, and staff releases it by other means', async () => {
    await phone.signIn(await ground.copy(owner))
    const text = '我在外地出差，是本人登录。'
    expect((await phone.post('/appeal', { form: { text } })).status).toBe(201)
    const [appeal] = await ground.accounts.flags.appeals(id)
    expect(appeal).toMatchObject({ account: id, text })
    for (let more = 0; more < 2; more += 1) await phone.post('/appeal', { form: { text } })
    expect(await phone.post('/appeal', { form: { text } })).toMatchObject(
      refused(409, 'appeal_pending'),
    )
    for (const empty of [' ', 'x'.repeat(2001)]) {
      expect((await phone.post('/appeal', { form: { text: empty } })).status).toBe(400)
    }
    await ground.accounts.flags.release(id, { by: 'other_means' })
    expect(await ground.accounts.flags.appeals(id)).toEqual([])
    expect((await phone.signIn(await ground.copy(owner))).status).toBe(200)
  })

  it('cannot be left by unlinking, by deletion, or by linking it to another account', async () => {
    phone.cookies.set('own', id)
    expect(await phone.post('/unlink')).toMatchObject(refused(403, 'account_flagged'))
    const copy = await ground.copy(owner)
    const presentation = await presentNumbered(copy, {
      ...{ audience: `${ground.baseUrl}/deletion`, nonce: 'A'.repeat(22) },
      paths: [['platform_number']],
      bindingClaims: { platform_number_r: copy.r, netcert_purpose: 'deletion' },
    })
    const { body } = await postForm(`${ground.baseUrl}/deletion`, { presentation })
    const [, payload = ''] = String(body['netcert_deletion']).split('.')
    expect(JSON.parse(decodeTextBase64Url(payload))).toMatchObject({ state: 'refused' })
    expect(await ground.accounts.read(id)).not.toBeNull()
    phone.cookies.set('own', 'another')
    const shown = await ground.copy(owner)
    expect(await phone.answer('sign-in', shown, { deliverTo: '/link' })).toMatchObject(
      refused(409, 'account_linked_elsewhere'),
    )
  })
})
