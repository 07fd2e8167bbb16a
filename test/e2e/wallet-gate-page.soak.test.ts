import { readFile } from 'node:fs/promises'
import { queries } from '@netcert/schemas'
import { checkExportedLedger } from '@netcert/wallet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumState, hasChromium } from '../chromium.js'
import { forgeChallenge, strangerVenue } from '../gate-attacker.js'
import { gateGround } from '../gate-ground.js'
import { createEvent, type LaneWish, laneSettings, openLane } from '../gate-lanes.js'
import { readQrCodes } from '../qr-reading.js'
import {
  startWalletPages,
  type WalletPageDevice,
  type WalletPageDevices,
} from '../wallet-page-device.js'

const ground = gateGround()
/** A query of facts on a gate pass. */
const passQuery = (names: readonly string[]) => ({
  credentials: [
    {
      ...queries['gate-age-over-18'].credentials[0],
      claims: names.map((name) => ({ path: [name] })),
    },
  ],
})
const openWish = (wish: LaneWish = {}) =>
  openLane(ground, laneSettings(ground, createEvent(ground.venue), wish))

describe.skipIf(!hasChromium)(`the wallet's page at a gate${chromiumState}`, () => {
  let devices: WalletPageDevices
  let phone: WalletPageDevice
  beforeAll(async () => {
    devices = await startWalletPages(ground)
    phone = await devices.open()
    await phone.receive(['gate-pass'])
    await phone.context.setOffline(true)
  })
  afterAll(() => devices?.close())

  const scan = (challenge: string) => phone.go('gate', { challenge })
  const shownCode = async () => (await phone.at('answer-code').getAttribute('data-text')) ?? ''
  const left = async () => {
    await phone.go('home')
    await phone.go('gate')
    return Number(await phone.at('passes-left').getAttribute('data-left'))
  }

  it('answers with no network after one tap, with a code that a camera reads and the gate takes', async () => {
    const lane = await openWish()
    await scan(await lane.challenge())
    await phone.at('gate-consent').waitFor()
    expect(await phone.at('venue').textContent()).toContain('东湖体育馆')
    await expect.poll(() => phone.at('leaving').locator('li').count(), { timeout: 20_000 }).toBe(2)
    expect(await phone.at('taken').getAttribute('data-left')).toBe('7')
    await phone.at('share').click()
    await phone.at('answer-code').waitFor()
    const text = await shownCode()
    expect(await readQrCodes(await phone.page.screenshot())).toEqual([text])
    expect(await lane.gate.judge(text)).toMatchObject({ colour: 'green', code: 'entered' })
    expect(Number(await phone.at('good-for').getAttribute('data-seconds'))).toBeGreaterThan(30)
    await phone.at('code-done').click()
    expect(await left()).toBe(7)
  })

  it('shows the same code for the same challenge, and says so before another pass is used', async () => {
    const lane = await openWish()
    const challenge = await lane.challenge()
    const before = await left()
    await scan(challenge)
    await phone.at('visit-before').waitFor()
    await phone.at('share').click()
    await phone.at('answer-code').waitFor()
    const text = await shownCode()
    await phone.at('code-done').click()
    await scan(challenge)
    await phone.at('answer-code').waitFor()
    expect(await shownCode()).toBe(text)
    await phone.at('code-done').click()
    lane.clock.later(15)
    await scan(await lane.challenge())
    await phone.at('show-before').click()
    expect(await shownCode()).toBe(text)
    await phone.at('code-done').click()
    expect(await left()).toBe(before - 1)
  })

  it.each([
    ['ahead', 3],
    ['behind', -3],
  ])('lets in a phone whose clock is three days %s, and says so', async (_how, days) => {
    const wrong = await devices.open()
    await wrong.receive(['gate-pass'])
    await wrong.context.clock.setSystemTime(Date.now() + days * 86_400_000)
    await wrong.page.reload()
    await wrong.unlock()
    const lane = await openWish()
    await wrong.go('gate', { challenge: await lane.challenge() })
    await wrong.at('clocks').waitFor()
    await wrong.at('share').click()
    const text = (await wrong.at('answer-code').getAttribute('data-text')) ?? ''
    expect(await lane.gate.judge(text)).toMatchObject({ colour: 'green', code: 'entered' })
    await wrong.close()
  })

  it('uses nothing when the citizen says no', async () => {
    const lane = await openWish()
    const before = await left()
    await scan(await lane.challenge())
    await phone.at('refuse').click()
    await phone.at('gate-declined').waitFor()
    expect(await left()).toBe(before)
  })

  it('gives a venue that asks for more than it is registered for nothing, and keeps that for a report', async () => {
    const before = await left()
    const query = passQuery(['age_over_60'])
    await scan(await forgeChallenge(ground.venue, { query }))
    await phone.at('gate-refusal').waitFor()
    expect(await phone.at('gate-refusal').getAttribute('data-code')).toBe('claim_uncovered')
    await phone.at('gate-report').click()
    // There is no network: it is kept for later.
    await phone.at('toast').waitFor()
    expect(await left()).toBe(before)
    await phone.go('history')
    await phone.at('report').waitFor()
  })

  it('tells that nobody registered a gate, and that a registration is another venue’s', async () => {
    await scan(await forgeChallenge(await strangerVenue(), { tokens: [] }))
    expect(await phone.at('venue').getAttribute('data-known')).toBe('false')
    await phone.at('refuse').click()
    const tokens = [ground.otherVenue.accreditation('venue-entry')]
    await scan(await forgeChallenge(ground.venue, { tokens }))
    await phone.at('refusal').waitFor()
    expect(await phone.at('refusal').getAttribute('data-code')).toBe('accreditation_key')
  })

  it('says when no pass is left, and what helps', async () => {
    for (let passes = await left(); passes > 0; passes -= 1) {
      const lane = await openWish()
      await scan(await lane.challenge())
      await phone.at('share').click()
      expect(await lane.gate.judge(await shownCode())).toMatchObject({ colour: 'green' })
      await phone.at('code-done').click()
    }
    await scan(await (await openWish()).challenge())
    await phone.at('gate-refusal').waitFor()
    expect(await phone.at('refusal').getAttribute('data-code')).toBe('copies_used_up')
    await phone.context.setOffline(false)
    await phone.at('gate-refill').click()
    await expect.poll(left).toBe(8)
    await phone.context.setOffline(true)
  })

  it('asks for the ticket where the gate checks tickets and there is none', async () => {
    // Another venue: this one has seen enough of this person today.
    const settings = laneSettings(ground, createEvent(ground.otherVenue), { kind: 'ticket' })
    await scan(await (await openLane(ground, settings)).challenge())
    await phone.at('refusal').waitFor()
    expect(await phone.at('refusal').getAttribute('data-code')).toMatch(
      /platform_copy_missing|query_unanswered/,
    )
  })

  it('shows afterwards who learned what, as a picture and in words, and a file of it that holds', async () => {
    await phone.go('history')
    await phone.at('who-knows-summary').waitFor()
    expect(await phone.at('who-knows-summary').getAttribute('data-named')).toBe('0')
    const words = await phone.at('who-knows-words').locator('li').allTextContents()
    expect(words.find((line) => line.startsWith('东湖体育馆'))).toMatch(/年满18周岁/)
    expect(await phone.page.locator('.knowledge-link').count()).toBeGreaterThanOrEqual(2)
    expect(await phone.at('event').first().getAttribute('data-receipt')).toBe('none')
    await phone.at('check-ledger').click()
    expect(await phone.at('ledger-check').getAttribute('data-code')).toBe('whole')
    const [file] = await Promise.all([
      phone.page.waitForEvent('download'),
      phone.at('save-ledger').click(),
    ])
    const saved = checkExportedLedger(await readFile(await file.path(), 'utf8'))
    expect(saved).toMatchObject({ kind: 'whole' })
  })

  it('keeps a greedy request whose report does not reach the registrar', async () => {
    await phone.at('report').first().click()
    await phone.page.locator('[data-testid=toast].bad').waitFor()
    expect(await phone.at('greedy').count()).toBeGreaterThan(0)
  })

  it('names the line of the history that somebody took out', async () => {
    await phone.page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          indexedDB.open('netcert-wallet').addEventListener('success', ({ target }) => {
            const { result } = target as IDBOpenDBRequest
            const lines = result.transaction('ledger', 'readwrite')
            lines.objectStore('ledger').delete(2)
            lines.addEventListener('complete', () => {
              result.close()
              resolve()
            })
          })
        }),
    )
    await phone.at('check-ledger').click()
    await phone.page.locator('[data-testid=ledger-check][data-code=missing]').waitFor()
    expect(await phone.at('ledger-check').textContent()).toContain('2')
  })
})
