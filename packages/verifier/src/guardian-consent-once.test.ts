import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createPerson, type NumberedCopy } from '../../../test/accreditation-ground.js'
import { createMinorActGround, type Page } from '../../../test/minor-act-ground.js'
import { openedForAll } from '../../../test/opened-for-all.js'
import { testNow } from '../../../test/trust-domain.js'
import { readVpRequest } from '../../../test/vp-wallet-ground.js'

const ground = openedForAll(createMinorActGround)
const child = createPerson()
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

describe('a consent is used once', () => {
  it('by the page that began, for the act it is about', async () => {
    await minorAnswered()
    await ground.answer(await guardianLink(), guardian)
    await expect(ground.page().consented()).rejects.toThrow(refusal('transaction_missing'))
    await expect(page.consented('other')).rejects.toThrow(refusal('purpose_differs'))
    const twice = await Promise.allSettled([page.consented(), page.consented()])
    expect(twice.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    await expect(page.consented()).rejects.toThrow(refusal('result_delivered'))
    expect(await page.handOver()).toMatchObject(refused(409, 'result_delivered'))
  })

  it('and what was presented for one act counts for no other', async () => {
    await minorAnswered()
    const first = await readVpRequest(String(await guardianLink()))
    const elsewhere = page
    page = ground.page()
    await minorAnswered()
    const link = await guardianLink()
    const second = await readVpRequest(String(link))
    expect(second.request.transaction_data).not.toEqual(first.request.transaction_data)
    const { transaction_data: transactions = [] } = first.request
    expect(await ground.answer(link, guardian, { transactions })).toMatchObject(
      refused(422, 'transaction_unauthorised'),
    )
    await expect(page.consented()).rejects.toThrow(refusal('act_waiting'))
    await expect(elsewhere.consented()).rejects.toThrow(refusal('act_waiting'))
  })

  it('of two guardians at once one counts', async () => {
    await minorAnswered()
    const links = [await guardianLink(), await guardianLink()]
    const heard = await Promise.all(links.map((link) => ground.answer(link, guardian)))
    expect(heard.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
      200, 409,
    ])
    expect((await page.consented()).verified).toBe(true)
  })

  it('is not handed over more than twenty times, nor under a name that is guessed', async () => {
    const { hand_over_link: link } = await minorAnswered()
    for (let asked = 0; asked < 20; asked += 1) await ground.openLink(link)
    expect(await ground.openLink(link)).toMatchObject(refused(429, 'too_many_requests'))
    const guessed = String(link).replace(/[^/]+$/, 'A'.repeat(22))
    expect(await ground.openLink(guessed)).toMatchObject(refused(404, 'act_unknown'))
    expect(await ground.openLink(`${guessed}x`)).toMatchObject(refused(404, 'act_unknown'))
  })
})
