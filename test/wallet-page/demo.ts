import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Browser } from 'playwright-core'
import { launchChromium } from '../chromium.js'
import { startNetcert, temporaryFolder } from '../e2e/netcert-process.js'
import { type DeviceWish, openDevice, type WalletDevice } from '../wallet-page-ground.js'

/** What `npm start` brings up, as processes, and a browser for its pages. */
export type Demo = {
  readonly citizens: string
  readonly wallet: string
  readonly kiosk: string
  readonly shop: string
  /** A new device with the page of the wallet open. */
  device(wish?: DeviceWish): Promise<WalletDevice>
  /** Offers for one of the citizens, as their page hands them out. */
  offers(device: WalletDevice): Promise<readonly DemoOffer[]>
  /** The theatre's door on a terminal, with no page. */
  door(): Promise<Door>
  readonly browser: Browser
  close(): Promise<void>
}

/** A link into the wallet, and the code that is asked. */
export type DemoOffer = { readonly link: string; readonly code: string }

/** A lane that runs: what it shows, and what it says to a code that is held before it. */
export type Door = {
  readonly challenge: string
  judge(text: string): Promise<{ readonly colour: string }>
  end(): Promise<void>
}

/** Starts the demo; close it. */
export async function startDemo(): Promise<Demo> {
  const folder = temporaryFolder()
  const dir = folder.at('demo')
  const child = startNetcert(['demo', '--dir', dir, '--lang', 'en'])
  const [said, browser] = await Promise.all([whatItSays(child), launchChromium()])
  const wallet = said.after('Open the wallet')
  const citizens = said.after('Be a citizen')
  const codeFile = folder.at('lane.code')
  writeFileSync(codeFile, said.value('set-up code'))
  const lane = ['--lane', said.value('lane file'), '--code-file', codeFile]
  return {
    ...{ citizens, wallet, browser },
    kiosk: said.after('Through the door'),
    shop: new URL(said.after('Get a ticket')).origin,
    device: (wish = {}) => openDevice(browser, { url: wallet, ...wish }),
    async offers({ context }) {
      const page = await context.newPage()
      await page.goto(`${citizens}?lang=zh-CN`)
      await page.locator('.person button').first().click()
      const link = (await page.getAttribute('#open', 'href')) ?? ''
      const code = (await page.textContent('#code')) ?? ''
      await page.close()
      return [{ link, code }]
    },
    door: () => openDoor([...lane, '--lists', `${dir}/public`]),
    async close() {
      await browser.close()
      child.kill('SIGTERM')
      if (child.exitCode === null) await once(child, 'exit')
      folder.remove()
    },
  }
}

async function whatItSays(child: ReturnType<typeof startNetcert>) {
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout ?? process.stdin })) {
    lines.push(line.trim())
    if (line.includes('#/history')) break
  }
  child.stdout?.resume()
  const found = (wanted: string): number => {
    const at = lines.findIndex((line) => line.includes(wanted))
    if (at < 0) throw new Error(`the demo said nothing of '${wanted}':\n${lines.join('\n')}`)
    return at
  }
  return {
    /** The line under the one that says this. */
    after: (wanted: string): string => lines[found(wanted) + 1] ?? '',
    value: (name: string): string => (lines[found(name)] ?? '').replace(name, '').trim(),
  }
}

async function openDoor(words: readonly string[]): Promise<Door> {
  const child = startNetcert(['gate', 'run', ...words, '--ledger', `${words[1]}.test`, '--json'])
  const lines = createInterface({ input: child.stdout ?? process.stdin })[Symbol.asyncIterator]()
  const next = async <Said>(wanted: string): Promise<Said> => {
    for (;;) {
      const { value, done } = (await lines.next()) as { value?: string; done?: boolean }
      if (done === true) throw new Error('the lane ended')
      const said = JSON.parse(value ?? 'null') as Said & Record<string, unknown>
      if (wanted in said) return said
    }
  }
  const { challenge } = await next<{ challenge: { text: string } }>('challenge')
  return {
    challenge: challenge.text,
    async judge(text) {
      child.stdin?.write(`${text}\n`)
      return (await next<{ verdict: { colour: string } }>('verdict')).verdict
    },
    async end() {
      child.stdin?.end()
      if (child.exitCode === null) await once(child, 'close')
    },
  }
}
