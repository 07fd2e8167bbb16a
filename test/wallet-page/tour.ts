import type { WalletDevice } from '../wallet-page-ground.js'
import type { Demo } from './demo.js'

/** Called where a screen is whole. */
export type Visit = (screen: string) => Promise<void>

/** Every screen of the wallet's page that a citizen comes to, on a device of its own, in the order of a life. */
export async function tourWallet(demo: Demo, device: WalletDevice, visit: Visit): Promise<void> {
  await device.at('set-up-screen').waitFor()
  await visit('set-up')
  await device.setUp()
  await device.at('no-certificates').waitFor()
  await visit('empty')
  await tourReceiving(demo, device, visit)
  await tourShowing(demo, device, visit)
  await tourGate(demo, device, visit)
  await tourRest(device, visit)
  await device.go('home')
  await device.at('lock').click()
  await device.at('lock-screen').waitFor()
  await visit('locked')
}

async function tourReceiving(demo: Demo, device: WalletDevice, visit: Visit): Promise<void> {
  const { page, at } = device
  await device.go('receive')
  await at('offer-text').waitFor()
  await visit('receive')
  for (const { link, code } of await demo.offers(device)) {
    await page.evaluate((to) => void (location.hash = new URL(to).hash), link)
    const seen = new Set<string>()
    await device.walk({
      ...{ ends: ['received', 'refusal'], yes: 'yes' },
      async before() {
        const kind = (await at('question').getAttribute('data-kind')) ?? ''
        if ((await at('tx-code').count()) > 0) await at('tx-code').fill(code)
        if (!seen.has(kind)) await visit(`question-${kind}`)
        seen.add(kind)
      },
    })
    await visit('received')
  }
  await device.go('home')
  await at('card').first().waitFor()
  await visit('home')
  await at('card').first().click()
  await at('claims').waitFor()
  await visit('certificate')
}

async function tourShowing(demo: Demo, device: WalletDevice, visit: Visit): Promise<void> {
  const { at } = device
  const shop = await device.context.newPage()
  await shop.goto(demo.shop)
  await shop.click('[data-show=autumn] .buy')
  const link = (await shop.locator('[data-show=autumn] .wallet a').getAttribute('href')) ?? ''
  await device.page.evaluate((to) => void (location.hash = new URL(to).hash), link)
  const seen = new Set<string>()
  await device.walk({
    ...{ ends: ['presented', 'refusal'], yes: 'share' },
    async before() {
      const state = (await at('consent').getAttribute('data-state')) ?? ''
      if (!seen.has(state)) await visit(`consent-${state.replaceAll('_', '-')}`)
      seen.add(state)
    },
    // A browser that is taken back to the shop shows no more of the wallet.
    left: () => device.page.url().startsWith(demo.shop),
  })
  await shop.close()
  if (!device.page.url().startsWith(demo.shop)) return
  await device.page.goto(device.url)
  await device.unlock()
}

async function tourGate(demo: Demo, device: WalletDevice, visit: Visit): Promise<void> {
  const { at } = device
  await device.go('scan')
  await at('code-text').waitFor()
  await visit('scan')
  await device.go('gate')
  await device.page.locator('[data-testid=passes-left], [data-testid=no-passes]').waitFor()
  await visit('gate')
  const door = await demo.door()
  await device.go('gate', { challenge: door.challenge })
  await at('gate-consent').waitFor()
  await visit('gate-consent')
  await at('share').click()
  await at('answer-code').waitFor()
  await visit('gate-code')
  const { colour } = await door.judge((await at('answer-code').getAttribute('data-text')) ?? '')
  if (colour !== 'green') throw new Error(`the door was ${colour}`)
  await at('code-done').click()
  await door.end()
}

async function tourRest(device: WalletDevice, visit: Visit): Promise<void> {
  const { at, page } = device
  await device.go('history')
  await page.locator('[data-testid=history][data-state=there]').waitFor()
  await visit('history')
  await device.go('family')
  await at('family').waitFor()
  await visit('family')
  await device.go('safety')
  await at('safety').waitFor()
  await visit('safety')
  for (const part of ['lost', 'pause', 'move', 'arrive', 'cancel', 'erase']) {
    await device.go('safety', { part })
    await at(part === 'erase' ? 'erase-part' : part).waitFor()
    await at('back').waitFor()
    await visit(`safety-${part}`)
  }
  await device.go('settings')
  await at('keeping').waitFor()
  await visit('settings')
  await at('go-help').click()
  await at('about').waitFor()
  await visit('help')
  // What is no link and no code.
  await device.go('present', { request: 'openid4vp://?client_id=x&request_uri=https%3A%2F%2Fx' })
  await at('refusal').waitFor()
  await visit('refused')
}
