import { join } from 'node:path'
import { openIssuer } from '@netcert/issuer'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumState, hasChromium, launchChromium } from '../chromium.js'
import { type ServedIssuer, serveTestIssuer } from '../issuer-server-ground.js'
import { openedForAll } from '../opened-for-all.js'

/** The page where a citizen stops their certificates by the code on paper. */

const served = openedForAll(() => serveTestIssuer({ citizens: 4, path: '/tenant' }))

async function codeOf({ dir, nextPerson }: ServedIssuer): Promise<string> {
  const { issuer, close } = await openIssuer({ dir, clock: () => new Date() })
  const code = await issuer.ending.createRevocationCode(nextPerson().reference)
  await close()
  return code
}

const post = (form: Record<string, string>) =>
  fetch(`${served.url}/revoke`, { method: 'POST', body: new URLSearchParams(form) })
const answerTo = async (form: Record<string, string>) => {
  const response = await post({ lang: 'en', ...form })
  return { status: response.status, text: await response.text() }
}

describe('the page where certificates are stopped by a code', () => {
  it('answers the same for a code there is and one there is not, and says what is mistyped', async () => {
    const [code, other] = [await codeOf(served), await codeOf(served)]
    // The code of somebody whose next one made it worth nothing looks like any other.
    const { issuer, close } = await openIssuer({ dir: served.dir, clock: () => new Date() })
    await issuer.ending.useRevocationCode({ code: other, action: 'revoke', address: 'test' })
    await close()
    for (const action of ['suspend', 'revoke']) {
      const right = await answerTo({ code, action })
      const wrong = await answerTo({ code: other, action })
      expect(right).toEqual(wrong)
      expect(right.status).toBe(200)
      expect(right.text).not.toContain(code)
    }
    const slip = await answerTo({ code: code.slice(1), action: 'revoke' })
    expect(slip.status).toBe(400)
    expect(slip.text).toContain('mistyped')
    expect(slip.text).not.toContain(code.slice(1))
  })

  it('runs nothing, loads nothing, and is kept by nobody', async () => {
    const { headers } = await fetch(`${served.url}/revoke`)
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors/)
    expect(headers.get('content-security-policy')).not.toMatch(/unsafe|script-src/)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
  })

  it('takes no more than some tries from one place, whatever they were', async () => {
    const codes = await Promise.all(Array.from({ length: 24 }, () => strange()))
    const statuses: number[] = []
    for (const code of codes) statuses.push((await answerTo({ code, action: 'suspend' })).status)
    expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(20)
    expect(statuses.at(-1)).toBe(429)
  })
})

/** A code of the right form that nobody has. */
async function strange(): Promise<string> {
  const { createRevocationCodeText } = await import(
    '../../packages/issuer/src/ending/revocation-code-text.js'
  )
  return createRevocationCodeText().printed
}

const widths = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } }
const words = {
  'zh-CN': { title: '手机丢失？停用您的凭证', suspend: '暂停', done: '已收到' },
  en: { title: 'Lost your phone? Stop your certificates', suspend: 'Pause', done: 'Received' },
}
const ways = (['zh-CN', 'en'] as const).flatMap((language) =>
  (['phone', 'desktop'] as const).map((width) => [language, width] as const),
)

describe.skipIf(!hasChromium)(`the page in Chromium${chromiumState}`, () => {
  // Limits are by address: these tries are not to meet those above.
  const own = openedForAll(() => serveTestIssuer({ citizens: 4 }))
  let browser: Browser
  beforeAll(async () => void (browser = await launchChromium()), 60_000)
  afterAll(() => browser.close())

  it.each(ways)('pauses in %s on a %s, and fits it', async (language, width) => {
    const code = await codeOf(own)
    const context = await browser.newContext({ viewport: widths[width], locale: 'fr' })
    const page = await context.newPage()
    await page.goto(`${own.url}/revoke?lang=${language}`)
    const said = words[language]
    await page.getByRole('heading', { name: said.title }).waitFor()
    expect(await misfits(page)).toEqual({ overflow: 0, unnamed: 0, small: 0, lang: language })
    await shot(page, `${language}-${width}`)
    await page.locator('#code').fill(code.toLowerCase().replaceAll(' ', ''))
    await page.getByRole('button', { name: said.suspend, exact: true }).click()
    await page.getByRole('heading', { name: said.done }).waitFor()
    expect(await misfits(page)).toMatchObject({ overflow: 0, lang: language })
    await shot(page, `${language}-${width}-done`)
    await context.close()
  })
})

/** What a page must be for whoever cannot see it well, or uses a thumb. */
function misfits(page: Page) {
  return page.evaluate(() => {
    const { documentElement: root } = document
    const fields = [...document.querySelectorAll<HTMLInputElement>('input:not([type=hidden])')]
    const touched = [...document.querySelectorAll<HTMLElement>('button, input:not([type=hidden])')]
    return {
      overflow: root.scrollWidth - root.clientWidth,
      unnamed: fields.filter(({ labels }) => (labels?.[0]?.textContent ?? '') === '').length,
      small: touched.filter((element) => element.getBoundingClientRect().height < 44).length,
      lang: root.lang,
    }
  })
}

/** For eyes: only where somebody asks for pictures. */
async function shot(page: Page, name: string): Promise<void> {
  const folder = process.env['NETCERT_SCREENSHOTS']
  if (folder !== undefined) await page.screenshot({ path: join(folder, `revoke-${name}.png`) })
}
