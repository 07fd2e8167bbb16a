import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeFileSync } from 'node:fs'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveWalletPage } from '../../scripts/src/wallet-page.js'
import { chromiumState, hasChromium, launchFilmedChromium } from '../chromium.js'
import { film } from '../gate/src/camera.js'
import { conditions } from '../gate/src/conditions.js'
import { qrScreen } from '../gate/src/qr-screen.js'
import { encodeY4m } from '../gate/src/y4m.js'
import { PIN } from '../wallet-page-ground.js'

/** A camera of a test has no light: the page is told that this one has, and what is asked of it is noted. */
function withTorch(): void {
  const asked: unknown[] = []
  Object.assign(globalThis, { torchAsked: asked })
  const { prototype } = MediaStreamTrack
  const capabilities = prototype.getCapabilities
  prototype.getCapabilities = function (this: MediaStreamTrack) {
    return { ...capabilities.call(this), torch: true }
  }
  prototype.applyConstraints = (constraints) => {
    asked.push(constraints?.advanced?.[0])
    return Promise.resolve()
  }
}

/** A picture takes a while to come, as on a slow device; the cameras that were opened are noted. */
function withSlowPicture(): void {
  const opened: MediaStream[] = []
  Object.assign(globalThis, { camerasOpened: opened })
  const { mediaDevices } = navigator
  const open = mediaDevices.getUserMedia.bind(mediaDevices)
  mediaDevices.getUserMedia = async (wish) => {
    const stream = await open(wish)
    opened.push(stream)
    return stream
  }
  const play = HTMLMediaElement.prototype.play
  HTMLMediaElement.prototype.play = async function (this: HTMLMediaElement) {
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    return play.call(this)
  }
}

const camerasOf = (page: Page) =>
  page.evaluate(() => {
    const { camerasOpened } = globalThis as unknown as { camerasOpened: MediaStream[] }
    return camerasOpened.flatMap((it) => it.getTracks()).map(({ readyState }) => readyState)
  })

describe.skipIf(!hasChromium)(`the light of the scanner${chromiumState}`, () => {
  let folder: string
  let context: BrowserContext
  let server: Awaited<ReturnType<typeof serveWalletPage>>
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'netcert-light-'))
    const path = join(folder, 'film.y4m')
    const options = { thing: qrScreen('NO CODE OF A WALLET'), condition: conditions.clean }
    writeFileSync(path, encodeY4m(film({ ...options, frames: 2, seed: 1 }), 5))
    const issuer = {
      root: 'did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169',
      ...{ baseUrl: 'https://issuer.invalid', name: { 'zh-CN': '机构', en: 'Issuer' } },
    }
    server = await serveWalletPage({ port: 0, settings: { issuer, allowHttpLoopback: true } })
    context = await launchFilmedChromium({ profile: join(folder, 'profile'), film: path })
  })
  afterAll(async () => {
    await context?.close()
    await server?.close()
    await rm(folder, { recursive: true })
  })

  async function scanner(hasLight: boolean): Promise<Page> {
    const page = await context.newPage()
    if (hasLight) await page.addInitScript(withTorch)
    await open(page)
    await page.getByTestId('tab-scan').click()
    await page.locator('[data-testid=camera][data-state=reading]').waitFor()
    return page
  }
  async function open(page: Page): Promise<void> {
    await page.goto(server.url)
    const isNew = page.getByTestId('pin-new')
    await page.locator('[data-testid=pin-new], [data-testid=pin]').first().waitFor()
    if ((await isNew.count()) > 0) {
      await isNew.fill(PIN)
      await page.getByTestId('pin-again').fill(PIN)
      await page.getByTestId('create-pin').click()
    } else {
      await page.getByTestId('pin').fill(PIN)
      await page.getByTestId('open-pin').click()
    }
    await page.getByTestId('frame').waitFor()
  }
  const asked = (page: Page) =>
    page.evaluate(() => (globalThis as unknown as { torchAsked: unknown[] }).torchAsked)

  it('is offered where the camera has one, is off at first, and goes out when one leaves', async () => {
    const page = await scanner(true)
    const button = page.getByTestId('camera-light')
    expect(await button.getAttribute('data-on')).toBe('false')
    await button.click()
    await page.locator('[data-testid=camera-light][data-on=true]').waitFor()
    expect(await asked(page)).toEqual([{ torch: true }])
    await page.getByTestId('tab-home').click()
    await button.waitFor({ state: 'detached' })
    expect(await asked(page)).toEqual([{ torch: true }, { torch: false }])
    await page.close()
  })

  it('asks nothing of the camera when it was never on', async () => {
    const page = await scanner(true)
    await page.getByTestId('tab-home').click()
    await page.getByTestId('camera-light').waitFor({ state: 'detached' })
    expect(await asked(page)).toEqual([])
    await page.close()
  })

  it('leaves no camera on behind whoever goes away before there is a picture', async () => {
    const page = await context.newPage()
    await page.addInitScript(withSlowPicture)
    await open(page)
    await page.getByTestId('tab-scan').click()
    await expect.poll(() => camerasOf(page), { timeout: 20_000 }).toEqual(['live'])
    await page.getByTestId('tab-home').click()
    await expect.poll(() => camerasOf(page), { timeout: 20_000 }).toEqual(['ended'])
    await page.close()
  })

  it('is not offered where the camera has none', async () => {
    const page = await scanner(false)
    expect(await page.getByTestId('camera-light').count()).toBe(0)
    await page.close()
  })
})
