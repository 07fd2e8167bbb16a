import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'

const executablePath = process.env['NETCERT_CHROMIUM'] ?? '/usr/bin/chromium'

export const hasChromium = existsSync(executablePath)

if (!hasChromium) console.warn('skipped: there is no Chromium here, apt-get install chromium')

/** Stands in the name of what is skipped. */
export const chromiumState = hasChromium ? '' : ' (no Chromium here: apt-get install chromium)'

/** The system's Chromium, with a profile of its own, asking nobody on the internet. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

/** What the browser's virtual wallet does with the next request. */
export type WalletBehaviour =
  | { readonly action: 'respond'; readonly protocol: string; readonly response: object }
  | { readonly action: 'decline' }

/** Chromium's virtual wallet of the Digital Credentials API, for the page's main frame. */
export async function setVirtualWallet(page: Page, behaviour: WalletBehaviour): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const { frameTree } = await session.send('Page.getFrameTree')
  // The protocol's types know flat answers only.
  const parameters = { frameId: frameTree.frame.id, ...behaviour } as never
  await session.send('DigitalCredentials.setVirtualWalletBehavior', parameters)
  await session.detach()
}
