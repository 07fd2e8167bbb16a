import { gzipSync } from 'node:zlib'
import type { Browser } from 'playwright-core'
import { expect, test } from 'vitest'
import { ask, offerTo } from '../e2e/wire-ground.js'
import { startWalletPageGround, type WalletDevice } from '../wallet-page-ground.js'
import { readTimes, type Times } from './trace-times.js'

/**
 * npm run bench:wallet
 *
 * What the page of the wallet costs: bytes before the scanner, and by the browser's own trace of a slow
 * phone first and largest paint, long tasks, and what moved.
 * Prints a table; asserts nothing.
 */

/** A cheap phone: a fourth of this machine's speed, a fair mobile network. */
const SLOWER = 4
const network = {
  offline: false,
  latency: 80,
  downloadThroughput: (8_000_000 / 8) * 0.9,
  uploadThroughput: (2_000_000 / 8) * 0.9,
}
const VISITS = 5
const categories = ['blink.user_timing', 'loading', 'toplevel']

const row = (cells: readonly (string | number)[]) => console.log(`| ${cells.join(' | ')} |`)
const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`

test('figures of the page of the wallet', { timeout: 600_000 }, async () => {
  const ground = await startWalletPageGround()
  try {
    row(['what', 'asked for', 'gzip'])
    row(['---', '---', '---'])
    await printSizes(await ground.device({ serviceWorkers: 'block' }), ground)
    console.log(`\nCPU ${SLOWER} times slower, 80 ms and 8 Mbit/s; medians of ${VISITS} visits:\n`)
    row(['visit', 'first paint', 'largest paint', 'long tasks', 'longest', 'blocked', 'shift'])
    row(['---', '---', '---', '---', '---', '---', '---'])
    const first: Times[] = []
    const again: Times[] = []
    for (let visit = 0; visit < VISITS; visit += 1) {
      const device = await ground.device({ url: 'about:blank' })
      await slowDown(device)
      first.push(await timesOf(ground.browser, device, ground.url))
      await device.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
      again.push(await timesOf(ground.browser, device, ground.url))
      await device.close()
    }
    expect(first).toHaveLength(VISITS)
    printTimes('first', first)
    printTimes('again, from the device', again)
  } finally {
    await ground.close()
  }
})

/** Bytes of everything of the page's own that was asked for until each point, each file once. */
async function printSizes(
  device: WalletDevice,
  ground: Awaited<ReturnType<typeof startWalletPageGround>>,
): Promise<void> {
  let from = 0
  const told = async (what: string) => {
    await device.page.waitForLoadState('networkidle')
    const asked = device.asked.slice(from)
    const own = [...new Set(asked.filter((url) => url.startsWith(ground.url)))]
    const bodies = await Promise.all(
      own.map(async (url) => Buffer.from(await (await fetch(url)).arrayBuffer())),
    )
    const sum = bodies.reduce((total, body) => total + gzipSync(body, { level: 9 }).length, 0)
    row([what, own.length, kilobytes(sum)])
  }
  await told('first paint')
  await device.setUp()
  await told('open, home')
  await device.receive(await offerTo(ground.wire))
  await device.left()
  await told('the same and receiving')
  await device.go('scan')
  await device.page.waitForTimeout(1_000)
  await told('the same and the scanner')
  await device.go('home')
  from = device.asked.length
  await device.page.reload()
  await device.unlock()
  await device.present((await ask(ground.wire)).request_uri)
  await told('another day: open, home, showing a fact')
}

async function slowDown({ context, page }: WalletDevice): Promise<void> {
  const session = await context.newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
  await session.send('Network.enable')
  await session.send('Network.emulateNetworkConditions', network)
}

async function timesOf(browser: Browser, { page }: WalletDevice, url: string): Promise<Times> {
  // The process of the tab is there then; one that begins now may miss the beginning of its trace.
  await page.goto(new URL('wallet.json', url).href)
  await browser.startTracing(page, { categories })
  await page.goto(url)
  await page.getByTestId('set-up-screen').waitFor()
  await page.waitForTimeout(1_500)
  return readTimes(await browser.stopTracing(), url)
}

function printTimes(visit: string, times: readonly Times[]): void {
  const ms = (value: number) => `${Math.round(value)} ms`
  row([
    visit,
    ms(median(times.map(({ paint }) => paint))),
    ms(median(times.map(({ largest }) => largest))),
    median(times.map(({ long }) => long.length)),
    ms(median(times.map(({ long }) => Math.max(0, ...long)))),
    ms(median(times.map(({ blocked }) => blocked))),
    median(times.map(({ shift }) => shift)).toFixed(3),
  ])
}
