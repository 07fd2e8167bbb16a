import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumState, hasChromium } from '../chromium.js'
import { findBarriers, findSmallTargets, sidewaysPixels } from '../wallet-page/looking.js'
import {
  startWalletPageGround,
  type WalletDevice,
  type WalletPageGround,
} from '../wallet-page-ground.js'

const QUESTIONS = ['who', 'lost', 'network', 'copies', 'whom', 'end']

describe.skipIf(!hasChromium)(`help on the page of the wallet${chromiumState}`, () => {
  let ground: WalletPageGround
  let phone: WalletDevice
  beforeAll(async () => {
    ground = await startWalletPageGround()
    // Else the page asks for all of it at once, to keep it.
    phone = await ground.device({ serviceWorkers: 'block' })
    await phone.setUp()
  })
  afterAll(() => ground?.close())

  const openAll = async ({ page }: WalletDevice) => {
    for (const name of QUESTIONS) {
      await page.locator(`[data-testid=help-${name}] summary`).click()
      await page.locator(`[data-testid=help-${name}] p`).first().waitFor()
    }
    await page.locator('[data-testid=licences] > summary').click()
    await page.getByTestId('licence').first().waitFor()
    await page.locator('[data-testid=licence] > summary').first().click()
    await page.locator('[data-testid=licence] pre').first().waitFor()
  }

  it('comes when it is asked for, licences when they are opened, and nobody else is asked', async () => {
    await phone.go('settings')
    await phone.at('go-help').waitFor()
    const before = phone.asked.length
    await phone.at('go-help').click()
    await phone.at('about').waitFor()
    expect(await phone.at('about').textContent()).toContain('did:key:')
    expect(phone.asked.filter((url) => url.endsWith('licences.json'))).toEqual([])
    await openAll(phone)
    const asked = phone.asked.slice(before)
    expect(asked.filter((url) => url.endsWith('licences.json'))).toHaveLength(1)
    expect(asked.filter((url) => !url.startsWith(phone.url))).toEqual([])
  })

  it('names whose software is in it, each with its licence and its text', async () => {
    const named = await phone.at('licence').locator('> summary').allTextContents()
    expect(named[0]).toMatch(/^netcert .+ Apache-2\.0$/)
    for (const name of ['preact', 'zod', 'jose', 'idb', 'zxing-wasm', 'zxing-cpp']) {
      expect(named.some((it) => it.startsWith(`${name} `))).toBe(true)
    }
    // On the disk alone.
    expect(named.filter((it) => /^(kysely|pdfkit|sqlite3|express) /.test(it))).toEqual([])
    expect(await phone.page.locator('[data-testid=licence] pre').first().textContent()).toMatch(
      /Apache License/,
    )
  })

  it('leads to what it speaks of, and by the header back to the settings', async () => {
    await phone.page.locator('[data-testid=help-lost] a').click()
    await phone.at('lost').waitFor()
    await phone.page.goBack()
    await phone.at('help').waitFor()
    await phone.at('back').click()
    await phone.at('keeping').waitFor()
    expect(phone.page.url()).toMatch(/#\/settings$/)
  })

  it.each([
    ['zh-CN', 'light', /目标是 WCAG 2\.2 的 AA 级/],
    ['en', 'dark', /The aim is WCAG 2\.2, level AA/],
  ] as const)('has no barrier, opened whole, in %s and %s', async (locale, colorScheme, aim) => {
    const device = await ground.device({ locale, colorScheme })
    await device.setUp()
    await device.go('settings', { part: 'help' })
    await device.at('about').waitFor()
    await openAll(device)
    expect(await device.at('accessibility').textContent()).toMatch(aim)
    const barriers = await findBarriers(device.page)
    expect(barriers.filter(({ impact }) => impact !== 'minor')).toEqual([])
    expect(await findSmallTargets(device.page)).toEqual([])
    expect(await sidewaysPixels(device.page)).toBeLessThanOrEqual(1)
    expect(device.complaints).toEqual([])
    await device.close()
  })

  it('is read without a network, licences too', async () => {
    const device = await ground.device()
    await device.setUp()
    await device.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
    await device.page.waitForFunction(() => navigator.serviceWorker.controller !== null)
    await device.context.setOffline(true)
    await device.go('settings', { part: 'help' })
    await device.at('about').waitFor()
    await openAll(device)
    expect(await device.at('licence').count()).toBeGreaterThan(10)
    await device.close()
  })
})
