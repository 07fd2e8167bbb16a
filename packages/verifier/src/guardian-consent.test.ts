import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  createPerson,
  type NumberedCopy,
  numberedCopy,
} from '../../../test/accreditation-ground.js'
import { createMinorActGround, type Page, purchase } from '../../../test/minor-act-ground.js'
import { openedForAll } from '../../../test/opened-for-all.js'
import { later, testNow } from '../../../test/trust-domain.js'
import { readVpRequest } from '../../../test/vp-wallet-ground.js'
import { accountKeyOf } from './account-key.js'

const ground = openedForAll(createMinorActGround)
const child = createPerson()
const otherChild = createPerson()
const refused = (status: number, code: string) => ({ status, body: { code } })
const refusal = (code: string) => expect.objectContaining({ code })

let minor: NumberedCopy
let guardian: NumberedCopy
let page: Page
beforeAll(async () => {
  minor = await ground.minorCopy(child)
  guardian = await ground.guardianCopy(child)
})
beforeEach(() => {
  ground.setNow(testNow)
  ground.expectAccount(null)
  page = ground.page()
})

/** Begins an act and lets the minor answer; what the page heard. */
async function minorAnswered(name = 'purchase') {
  const begun = await page.begin(name)
  expect(await ground.answer(begun.body['request_uri'], minor)).toMatchObject({ status: 200 })
  return begun.body
}

const guardianLink = async () => (await page.handOver()).body['request_uri']

describe('an act of a minor', () => {
  it('is consented to by two people, each with their own wallet and a request of their own', async () => {
    const { hand_over_link: link } = await minorAnswered()
    expect((await page.progress()).body).toMatchObject({ waiting_for: 'guardian', state: 'open' })
    const opened = await ground.openLink(link)
    expect(opened).toMatch(/^openid4vp:/)
    expect(await ground.answer(opened, guardian)).toMatchObject({ status: 200 })
    expect((await page.progress()).body).toMatchObject({ state: 'complete' })
    const result = await page.consented()
    const { action, limit, expiresAt } = purchase
    expect(result).toMatchObject({ verified: true, name: 'purchase', action, limit, expiresAt })
    expect(result.minor).toMatchObject({
      role: 'self',
      facts: { age_equal_or_over: { 18: false } },
    })
    expect(result.guardian).toMatchObject({ role: 'guardian', facts: {} })
    expect(result.guardian.platformNumber).toBe(result.minor.platformNumber)
    expect(result.account).toBe(accountKeyOf(result.minor))
    expect(result.retention?.endsAt).toEqual(later(86_400))
  })

  it('asks both to sign the same entry: action, limit and expiry', async () => {
    const begun = await page.begin()
    const first = await readVpRequest(String(begun.body['request_uri']))
    await ground.answer(begun.body['request_uri'], minor)
    const second = await readVpRequest(String(await guardianLink()))
    expect(second.request.transaction_data).toEqual(first.request.transaction_data)
    const [entry = ''] = first.request.transaction_data ?? []
    expect(JSON.parse(Buffer.from(entry, 'base64url').toString())).toEqual({
      type: 'urn:netcert:minor-act:1',
      credential_ids: ['certificate'],
      transaction_data_hashes_alg: ['sha-256'],
      act: expect.stringMatching(/^[\w-]{22}$/),
      action: purchase.action,
      limit: { amount: '30.00', currency: 'CNY' },
      expires_at: later(7_200).getTime() / 1000,
    })
    expect(JSON.stringify(second.request.dcql_query)).not.toContain('age')
  })

  it('is complete with a guardian who takes hours, and with a second try of theirs', async () => {
    const { hand_over_link: link } = await minorAnswered()
    ground.setNow(later(7_000))
    const late = await ground.openLink(link)
    ground.setNow(later(7_100))
    const again = await ground.openLink(link)
    expect(again).not.toBe(late)
    const shown = await ground.guardianCopy(child)
    expect(await ground.answer(again, shown)).toMatchObject({ status: 200 })
    expect((await page.consented()).verified).toBe(true)
  })

  it('can be tied to the account that is signed in', async () => {
    const other = { issuer: ground.domain.issuerDid, role: 'self', platformNumber: 'P1' } as const
    ground.expectAccount(accountKeyOf(other))
    const begun = await page.begin()
    expect(await ground.answer(begun.body['request_uri'], minor)).toMatchObject(
      refused(422, 'different_holder'),
    )
    expect(await page.handOver()).toMatchObject(refused(422, 'different_holder'))
  })
})

describe('a consent is missing', () => {
  it('with the minor alone', async () => {
    await minorAnswered()
    await expect(page.consented()).rejects.toThrow(refusal('act_waiting'))
    await guardianLink()
    await expect(page.consented()).rejects.toThrow(refusal('act_waiting'))
  })

  it('with the guardian alone: they are asked after the minor', async () => {
    const begun = await page.begin()
    expect(await page.handOver()).toMatchObject(refused(409, 'session_waiting'))
    expect(await ground.openLink(begun.body['hand_over_link'])).toMatchObject(
      refused(409, 'session_waiting'),
    )
    const paths = [['platform_number']]
    const asGuardian = await ground.answer(begun.body['request_uri'], guardian, { paths })
    expect(asGuardian).toMatchObject(refused(422, 'type_not_allowed'))
    await expect(page.consented()).rejects.toThrow(refusal('type_not_allowed'))
  })

  it('when the roles are swapped', async () => {
    await minorAnswered()
    expect(await ground.answer(await guardianLink(), minor)).toMatchObject(
      refused(422, 'type_not_allowed'),
    )
    const ward = await numberedCopy(ground.domain, child, {
      ...{ vct: 'urn:netcert:ward-certificate:1', status: 7 },
    })
    expect(await ground.answer(await guardianLink(), ward)).toMatchObject(
      refused(422, 'type_not_allowed'),
    )
    await expect(page.consented()).rejects.toThrow(refusal('act_waiting'))
  })

  it('from the guardian of another minor, who may hand it to the right one', async () => {
    await minorAnswered()
    const stranger = await ground.guardianCopy(otherChild)
    expect(await ground.answer(await guardianLink(), stranger)).toMatchObject(
      refused(422, 'guardian_of_other'),
    )
    await expect(page.consented()).rejects.toThrow(refusal('act_waiting'))
    expect((await page.progress()).body).toMatchObject({ request: 'answered' })
    expect(await ground.answer(await guardianLink(), guardian)).toMatchObject({ status: 200 })
    expect((await page.consented()).verified).toBe(true)
  })

  it('for an adult, and for whoever does not say their age', async () => {
    const adult = await ground.minorCopy(child, {})
    const grown = await page.begin()
    expect(await ground.answer(grown.body['request_uri'], adult)).toMatchObject(
      refused(422, 'minor_expected'),
    )
    expect(await page.handOver()).toMatchObject(refused(422, 'minor_expected'))
    const silent = await page.begin()
    const paths = [['platform_number']]
    expect(await ground.answer(silent.body['request_uri'], minor, { paths })).toMatchObject(
      refused(422, 'query_unsatisfied'),
    )
  })

  it.each(['minor', 'guardian'])('to another transaction, or to none, by the %s', async (who) => {
    const other = Buffer.from(
      JSON.stringify({ type: 'urn:netcert:minor-act:1', credential_ids: ['certificate'] }),
    ).toString('base64url')
    for (const transactions of [[other], []]) {
      page = ground.page()
      const begun = await page.begin()
      const first = { ...(who === 'minor' ? { transactions } : {}) }
      const heard = await ground.answer(begun.body['request_uri'], minor, first)
      const second = async () => ground.answer(await guardianLink(), guardian, { transactions })
      expect(who === 'minor' ? heard : await second()).toMatchObject(
        refused(422, 'transaction_unauthorised'),
      )
    }
  })

  it('after the wait and after the expiry', async () => {
    const { hand_over_link: link } = await minorAnswered()
    const opened = await ground.openLink(link)
    ground.setNow(later(7_201))
    expect(await ground.openLink(link)).toMatchObject(refused(404, 'act_ended'))
    expect(await page.handOver()).toMatchObject(refused(404, 'act_ended'))
    await expect(ground.answer(opened, guardian)).rejects.toThrow(/session_(unknown|expired)/)
    await expect(page.consented()).rejects.toThrow(refusal('act_ended'))
    expect((await page.progress()).body).toMatchObject({ state: 'ended', waiting_for: null })
  })
})

describe('where the wallet of the minor leads back', () => {
  it('the act goes on in that page alone', async () => {
    const begun = await page.begin('purchase', '/game')
    const heard = await ground.answer(begun.body['request_uri'], minor)
    const [, code = ''] = /#response_code=([\w-]+)$/.exec(String(heard.body['redirect_uri'])) ?? []
    expect(await page.handOver()).toMatchObject(refused(403, 'response_code_wrong'))
    expect(await page.handOver('A'.repeat(22))).toMatchObject(refused(403, 'response_code_wrong'))
    expect(await ground.openLink(begun.body['hand_over_link'])).toMatchObject(
      refused(403, 'response_code_wrong'),
    )
    const handed = await page.handOver(code)
    expect(await ground.answer(handed.body['request_uri'], guardian)).toMatchObject({ status: 200 })
    expect((await page.consented()).verified).toBe(true)
  })
})

describe('an act that is set up wrongly', () => {
  it('is not begun under a name that nobody set up', async () => {
    expect(await page.begin('constructor')).toMatchObject(refused(400, 'query_unknown'))
    expect(await page.begin('purchase', '//evil.example')).toMatchObject(
      refused(400, 'request_malformed'),
    )
  })

  it.each(['too-long', 'unsaid', 'unpriced'])('is not asked of anybody: %s', async (name) => {
    expect(await page.begin(name)).toMatchObject(refused(400, 'transaction_data_refused'))
  })
})
