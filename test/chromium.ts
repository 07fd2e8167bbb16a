import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

const executablePath = process.env['NETCERT_CHROMIUM'] ?? '/usr/bin/chromium'

export const hasChromium = existsSync(executablePath)

if (!hasChromium) console.warn('skipped: there is no Chromium here, apt-get install chromium')

/** Stands in the name of what is skipped. */
export const chromiumState = hasChromium ? '' : ' (no Chromium here: apt-get install chromium)'

const quiet = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** For whoever starts the process alone, to be able to kill it. */
export const chromiumProcess = { path: executablePath, arguments: quiet } as const

/** The system's Chromium, with a profile of its own, asking nobody on the internet. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath, args: quiet })
}

/** What a Chromium is opened with that keeps what it learns in a folder, and sees films. */
export type FilmedChromiumOptions = {
  /** Its profile: opened again, it is the same device. */
  readonly profile: string
  /** Film (y4m) that its camera sees, over and over; read anew whenever a page opens the camera. */
  readonly film: string
  /** Whether pages get the camera; else they are asked of nobody, and refused. */
  readonly givesCamera?: boolean
  readonly context?: Parameters<typeof chromium.launchPersistentContext>[1]
}

/** Chromium as a device with a camera, which it gives to every page unless told otherwise. */
export function launchFilmedChromium(options: FilmedChromiumOptions): Promise<BrowserContext> {
  const { profile, film, givesCamera = true, context } = options
  const camera = [
    '--use-fake-device-for-media-stream',
    ...(givesCamera ? ['--use-fake-ui-for-media-stream'] : []),
    `--use-file-for-fake-video-capture=${film}`,
  ]
  return chromium.launchPersistentContext(profile, {
    ...{ executablePath, args: [...quiet, ...camera], viewport: { width: 1280, height: 800 } },
    ...context,
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
