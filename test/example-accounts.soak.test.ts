import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openAccountDesk } from '@netcert/verifier/server'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  createPerson,
  type NumberedCopy,
  numberedCopy,
  type Person,
  presentNumbered,
} from './accreditation-ground.js'
import { chromiumState, hasChromium, launchChromium } from './chromium.js'
import { exampleGround } from './example-ground.js'
import { answerNumbered } from './example-wallet.js'
import { postForm } from './vp-wallet-ground.js'

/** A folder for pictures of the pages, for whoever wants to look at them. */
const PICTURES = process.env['NETCERT_PICTURES']
const ground = exampleGround()
const MIDNIGHT = '[data-show=midnight] .buy'
const SHOP = 'ticket-shop/shop.js'

const copyOf = (person: Person, claims = {}) =>
  numberedCopy(ground.domain, person, { status: 7, claims })

describe.skipIf(!hasChromium)(
  `the accounts of the shop, in a real browser${chromiumState}`,
  { timeout: 90_000 },
  () => {
    let browser: Browser
    let slips: readonly string[]
    beforeAll(async () => {
      browser = await launchChromium()
    })
    afterAll(() => browser.close())
    beforeEach(async () => {
      slips = (await ground.start(SHOP)).slips ?? []
    })

    const complaints: string[] = []
    const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 }
    const desktop = { viewport: { width: 1280, height: 860 } }

    async function open(context: BrowserContext, path = '/account?lang=en'): Promise<Page> {
      const page = await context.newPage()
      page.on('console', (message) => {
        // A refusal that the page shows is an answer with a status, and no complaint of the policy.
        if (message.type() === 'error' && !message.text().includes('status of 4')) {
          complaints.push(message.text())
        }
      })
      page.on('pageerror', (error) => complaints.push(error.message))
      await page.goto(ground.origin + path)
      await page.waitForFunction(() => document.querySelector('#language')?.textContent !== '')
      return page
    }

    async function picture(page: Page, name: string): Promise<void> {
      if (PICTURES === undefined) return
      await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true })
    }

    /** Presses a button and gives the link that the page shows as a QR code. */
    async function begin(page: Page, button: string): Promise<string> {
      const started = page.waitForResponse((response) => response.url().includes('/netcert/start'))
      await page.click(button)
      const { request_uri: link } = (await (await started).json()) as { request_uri: string }
      await page.waitForSelector('.wallet.open svg path')
      return link
    }

    async function getTicket(page: Page, show: string, person: Person): Promise<void> {
      await page.goto(`${ground.origin}/?lang=en`)
      const link = await begin(page, `[data-show=${show}] .buy`)
      await answerNumbered(link, await copyOf(person))
      await page.waitForFunction(
        (id) => document.querySelector(`[data-show=${id}] .result`)?.textContent !== '',
        show,
      )
    }

    async function signIn(page: Page, copy: NumberedCopy): Promise<void> {
      const link = await begin(page, '#enter')
      expect((await answerNumbered(link, copy)).body).toHaveProperty('netcert_receipt')
    }

    it('are one for each person, whatever phone they come with, until they have it deleted', async () => {
      const context = await browser.newContext(desktop)
      const page = await open(context)
      const person = createPerson()
      await signIn(page, await copyOf(person))
      await page.waitForSelector('#signed-in:not([hidden])')
      const id = await page.textContent('#id')
      expect(await page.textContent('#tickets')).toBe('None yet')
      await getTicket(page, 'autumn', person)
      await page.goto(`${ground.origin}/account?lang=en`)
      await page.waitForSelector('#signed-in:not([hidden])')
      expect(await page.textContent('#tickets')).toContain('Autumn Water')
      await picture(page, 'account-desktop-en')
      await page.click('#leave')
      const copy = await copyOf(person)
      await signIn(page, copy)
      await page.waitForSelector('#signed-in:not([hidden])')
      expect(await page.textContent('#id')).toBe(id)
      expect(await page.textContent('#tickets')).toContain('Autumn Water')
      expect(readFileSync(join(ground.dir, 'tickets.sqlite'), 'latin1')).toContain(id)
      const presentation = await presentNumbered(copy, {
        ...{ audience: `${ground.origin}/netcert/deletion`, nonce: 'A'.repeat(22) },
        ...{ issuedAt: new Date(), paths: [['platform_number']] },
        bindingClaims: { platform_number_r: copy.r, netcert_purpose: 'deletion' },
      })
      expect((await postForm(`${ground.origin}/netcert/deletion`, { presentation })).status).toBe(
        200,
      )
      const kept = readFileSync(join(ground.dir, 'tickets.sqlite'), 'latin1')
      expect(kept).not.toContain(id)
      await page.reload()
      await page.waitForSelector('#signed-out:not([hidden])')
      await signIn(page, await copyOf(person))
      await page.waitForSelector('#signed-in:not([hidden])')
      expect(await page.textContent('#tickets')).toBe('None yet')
      expect(await page.textContent('#id')).not.toBe(id)
      await context.close()
    })

    it('give whoever has no certificate the same, with the slip of the counter', async () => {
      const context = await browser.newContext(phone)
      const page = await open(context, '/account?lang=zh-CN')
      await page.click('.slip summary')
      await page.fill('#slip-code', '00000000')
      await page.click('#slip button')
      await page.waitForFunction(() => document.querySelector('#result')?.textContent !== '')
      expect(await page.textContent('#result')).toBe('没有这个小票号码，或已用过。')
      await picture(page, 'sign-in-phone-zh')
      await page.fill('#slip-code', slips[0] ?? '')
      await page.click('#slip button')
      await page.waitForSelector('#signed-in:not([hidden])')
      expect(await page.textContent('#tickets')).toBe('还没有票')
      await picture(page, 'account-phone-zh')
      await page.goto(`${ground.origin}/?lang=zh-CN`)
      await page.click('.slip summary')
      await page.fill('#slip-code', slips[1] ?? '')
      await page.click('#slip button')
      await page.waitForFunction(() => document.querySelector('#result')?.textContent !== '')
      expect(await page.textContent('#result')).toContain('票已留好')
      await context.close()
    })

    it('are closed when flagged, name the ways out, and open again for their owner', async () => {
      const context = await browser.newContext(phone)
      const page = await open(context)
      const person = createPerson()
      await signIn(page, await copyOf(person))
      await page.waitForSelector('#signed-in:not([hidden])')
      const id = (await page.textContent('#id')) ?? ''
      const desk = await openAccountDesk({ dir: ground.dir, clock: () => new Date() })
      await desk.accounts.flags.flag(id, { reason: 'unusual_place' })
      await getTicket(page, 'autumn', person)
      expect(await page.textContent('[data-show=autumn] .result')).toContain('“My account” first')
      await page.goto(`${ground.origin}/account?lang=en`)
      await signIn(page, await copyOf(person))
      await page.waitForSelector('#flagged:not([hidden])')
      expect(await page.textContent('#alternatives li')).toBe('Show a document at our counter')
      await picture(page, 'flagged-phone-en')
      await page.fill('#text', 'I was on a trip.')
      await page.click('#appeal button')
      await page.waitForFunction(() => document.querySelector('#outcome')?.textContent !== '')
      expect((await desk.accounts.flags.appeals(id)).map(({ text }) => text)).toEqual([
        'I was on a trip.',
      ])
      const seen = Math.floor(Date.now() / 60_000) * 60
      const paths = [['platform_number'], ['real_person'], ['presence_at']]
      const other = await copyOf(createPerson(), { presence_at: seen })
      await answerNumbered(await begin(page, '#prove'), other, paths)
      await page.waitForFunction(() =>
        document.querySelector('#outcome')?.textContent?.includes('not of the owner'),
      )
      const fresh = await copyOf(person, { presence_at: seen })
      await answerNumbered(await begin(page, '#prove'), fresh, paths)
      await page.waitForSelector('#signed-in:not([hidden])')
      expect(await page.textContent('#id')).toBe(id)
      expect(await desk.accounts.flags.appeals(id)).toEqual([])
      await desk.close()
      await context.close()
    })

    it('have one ticket of a show each, and the shop shows all it knows: no name is in it', async () => {
      const context = await browser.newContext(desktop)
      const page = await open(context, '/?lang=en')
      const person = createPerson()
      const told = () => page.textContent('[data-show=autumn] .result')
      await getTicket(page, 'autumn', person)
      expect(await told()).toContain('The ticket is yours')
      await getTicket(page, 'autumn', person)
      expect(await told()).toBe('You have a ticket of this show: one each.')
      await page.goto(`${ground.origin}/known?lang=en`)
      await page.waitForSelector('.table table')
      await picture(page, 'known-desktop-en')
      const known = (await page.textContent('#tables')) ?? ''
      expect(known).toContain('autumn')
      expect(known).toMatch(/P\w{22}/)
      expect(known).not.toMatch(/birthdate|given_name|family_name|network_number/)
      await context.close()
    })

    it('come with pages that their strict policy has nothing to complain of', async () => {
      for (const [device, size] of [
        ['phone', phone],
        ['desktop', desktop],
      ] as const) {
        for (const language of ['zh-CN', 'en']) {
          const context = await browser.newContext(size)
          const shop = await open(context, `/?lang=${language}`)
          await picture(shop, `shop-${device}-${language}`)
          await begin(shop, MIDNIGHT)
          await picture(shop, `buy-${device}-${language}`)
          await picture(
            await open(context, `/account?lang=${language}`),
            `sign-in-${device}-${language}`,
          )
          expect(await shop.evaluate(() => document.documentElement.lang)).toBe(language)
          const overflows = await shop.evaluate(
            () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
          )
          expect(overflows).toBe(false)
          await context.close()
        }
      }
      expect(complaints).toEqual([])
    })
  },
)
