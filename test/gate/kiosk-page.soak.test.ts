import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type GatePageServer, serveGatePage } from '@netcert/verifier/gate-page'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { chromiumState, hasChromium } from '../chromium.js'
import { type KioskDevice, openKioskDevice } from './kiosk-device.js'

/** The page on a device: newer versions, a second window, and no network at all. */

const at = (name: string) => `[data-testid=${name}]`
const digestOf = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('base64')

/** Serves the built page, or the same with another first line: a version that nobody has seen. */
async function serveVersions(page: GatePageServer) {
  let isNew = false
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { pathname } = new URL(request.url ?? '/', page.url)
    const got = await fetch(new URL(pathname, page.url), {
      headers: { 'accept-encoding': 'identity' },
    })
    const body = Buffer.from(await got.arrayBuffer())
    const headers = Object.fromEntries(got.headers)
    delete headers['content-length']
    const changed = isNew ? await newer(pathname, body, page.url) : body
    response.writeHead(got.status, headers).end(changed)
  }
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    publish: () => {
      isNew = true
    },
    close: () => {
      server.closeAllConnections()
      return new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

async function newer(path: string, body: Buffer, url: string): Promise<Buffer> {
  const mark = '<!-- newer -->'
  if (path === '/' || path === '/index.html') return Buffer.concat([body, Buffer.from(mark)])
  if (path !== '/service-worker.js') return body
  const before = Buffer.from(await (await fetch(url)).arrayBuffer())
  const text = body.toString()
  const changed = text.replace(
    digestOf(before),
    digestOf(Buffer.concat([before, Buffer.from(mark)])),
  )
  if (changed === text) throw new Error('the service worker does not name the digest of the page')
  return Buffer.from(changed)
}

describe.skipIf(!hasChromium)(`the page of a kiosk${chromiumState}`, () => {
  let built: GatePageServer
  let served: Awaited<ReturnType<typeof serveVersions>>
  let kiosk: KioskDevice

  beforeAll(async () => {
    built = await serveGatePage({ port: 0 })
    served = await serveVersions(built)
  })
  afterAll(async () => {
    await served.close()
    await built.close()
  })
  afterEach(() => kiosk.close())
  const controlled = () =>
    kiosk.page.waitForFunction(() => navigator.serviceWorker.controller !== null)

  it('opens without a network after the first visit, and knows nothing of a page it never saw', async () => {
    kiosk = await openKioskDevice(served.url)
    await controlled()
    await kiosk.context.setOffline(true)
    await kiosk.page.reload()
    await kiosk.page.waitForSelector(at('set-up'))
    const elsewhere = await kiosk.context.newPage()
    await expect(elsewhere.goto(built.url)).rejects.toThrow('ERR_INTERNET_DISCONNECTED')
  })

  it('works in one window at a time; another one can take over', async () => {
    kiosk = await openKioskDevice(served.url)
    const second = await kiosk.context.newPage()
    await second.goto(served.url)
    await second.waitForSelector(`${at('app')}[data-screen=elsewhere]`)
    expect(await kiosk.page.isVisible(at('set-up'))).toBe(true)
    await second.click(at('take-here'))
    await second.waitForSelector(at('set-up'))
    await kiosk.page.waitForSelector(`${at('app')}[data-screen=elsewhere]`)
  })

  it('takes a newer version when somebody says so, not before', async () => {
    kiosk = await openKioskDevice(served.url)
    await controlled()
    const isNewer = () =>
      kiosk.page.evaluate(async () =>
        (await (await fetch('index.html')).text()).includes('<!-- newer -->'),
      )
    served.publish()
    await kiosk.page.evaluate(async () => (await navigator.serviceWorker.ready).update())
    await kiosk.page.waitForSelector(at('update'))
    expect(await isNewer()).toBe(false)
    await kiosk.page.reload()
    expect(await isNewer()).toBe(false)
    await kiosk.page.waitForSelector(at('update-now'))
    const reloaded = kiosk.page.waitForEvent('load')
    await kiosk.page.click(at('update-now'))
    await reloaded
    await kiosk.page.waitForSelector(at('set-up'))
    expect(await isNewer()).toBe(true)
  })
})
