import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { sizes } from '../wallet-page-ground.js'
import { type Demo, startDemo } from './demo.js'
import { tourWallet } from './tour.js'

/**
 * npm run screens
 *
 * Pictures of the wallet's and the shop's screens for the documents, by the walk that they show.
 */

const folder = fileURLToPath(new URL('../../docs/screens', import.meta.url))
/** Two whole cards on one screen: their lines are drawn by chance, and take that much. */
const MOST_BYTES = 240_000
const pictured: number[] = []

/** Each screen in both languages; what looks different in the dark or on a large screen once more. */
const looks = [
  { name: 'zh-CN', wish: { ...sizes.phone, locale: 'zh-CN', colorScheme: 'light' } },
  { name: 'en', wish: { ...sizes.phone, locale: 'en', colorScheme: 'light' } },
  { name: 'dark.zh-CN', wish: { ...sizes.phone, locale: 'zh-CN', colorScheme: 'dark' } },
  { name: 'desktop.en', wish: { ...sizes.desktop, locale: 'en', colorScheme: 'dark' } },
] as const

const telling = new Set(['set-up', 'home', 'certificate', 'consent-ready', 'history', 'settings'])

async function shoot(page: Page, name: string): Promise<void> {
  // A question that came by itself can be answered after a moment.
  await page.waitForSelector('button[aria-disabled]', { state: 'detached' })
  // Fonts, drawings and words that slide in.
  await page.waitForTimeout(400)
  const picture = await page.screenshot({ animations: 'disabled' })
  await writeFile(join(folder, name), picture)
  pictured.push(picture.length)
}

test('pictures of the wallet and the shop', async () => {
  await mkdir(folder, { recursive: true })
  const demo = await startDemo()
  try {
    for (const { name, wish } of looks) {
      const device = await demo.device(wish)
      const isWhole = name === 'zh-CN' || name === 'en'
      await tourWallet(demo, device, async (screen) => {
        if (isWhole || telling.has(screen)) await shoot(device.page, `wallet-${screen}.${name}.png`)
      })
      if (isWhole) await shootShop(demo, device.page, name)
      await device.close()
    }
    expect(Math.max(...pictured)).toBeLessThan(MOST_BYTES)
  } finally {
    await demo.close()
  }
})

async function shootShop({ shop, citizens }: Demo, page: Page, name: string): Promise<void> {
  const lang = name.split('.').at(-1) ?? 'en'
  await page.goto(`${shop}/?lang=${lang}`)
  await shoot(page, `shop-shows.${name}.png`)
  await page.goto(`${shop}/known?lang=${lang}`)
  await page.waitForSelector('.table table')
  await shoot(page, `shop-known.${name}.png`)
  await page.goto(`${citizens}?lang=${lang}`)
  await shoot(page, `citizens.${name}.png`)
}
