import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumState, hasChromium } from '../chromium.js'
import { findBarriers } from '../wallet-page/looking.js'
import {
  PIN,
  startWalletPageGround,
  type WalletDevice,
  type WalletPageGround,
} from '../wallet-page-ground.js'
import { offerTo } from './wire-ground.js'

const WRONG = '918273'

describe.skipIf(!hasChromium)(`the door of the wallet’s page${chromiumState}`, () => {
  let ground: WalletPageGround
  let phone: WalletDevice
  beforeAll(async () => {
    ground = await startWalletPageGround()
    phone = await ground.device({ locale: 'en' })
    await phone.setUp()
    await phone.receive(await offerTo(ground.wire))
  })
  afterAll(() => ground?.close())

  /** Until the PIN was looked at. */
  async function tryAgain(): Promise<string> {
    await phone.at('pin').fill(WRONG)
    await phone.at('open-pin').click()
    await phone
      .at('open-pin')
      .filter({ hasText: /^Open$/ })
      .waitFor()
    return (await phone.at('refusal').textContent()) ?? ''
  }

  it('says nothing of tries that are left where none are counted, and how long a wait is', async () => {
    await phone.at('lock').click()
    for (const _try of [1, 2, 3]) expect(await tryAgain()).toBe('The PIN is wrong.')
    expect(await tryAgain()).toMatch(/^The PIN is wrong\. Wait \d+ seconds? and try again after/)
    expect(await tryAgain()).toMatch(/^After several wrong PINs the wallet waits\. Wait \d+ second/)
  })

  it('says how many tries are left where the owner chose to have it erased', async () => {
    const other = await ground.device({ locale: 'en' })
    await other.setUp()
    await other.go('settings')
    await other.at('wipe-after').selectOption('10')
    await other.at('lock').click()
    await other.at('pin').fill(WRONG)
    await other.at('open-pin').click()
    expect(await other.at('refusal').textContent()).toContain('9 more wrong PINs')
    await other.close()
  })

  it('says what is left to whoever forgot the PIN, and erases only after a second yes', async () => {
    await phone.at('forgotten').locator('summary').click()
    expect(await phone.at('forgotten').textContent()).toContain('Nobody can reset it')
    expect(await findBarriers(phone.page)).toEqual([])
    await phone.at('erase-closed').click()
    await phone.at('erase-closed-no').click()
    await expect.poll(() => phone.at('lock-screen').count(), { timeout: 20_000 }).toBe(1)
    await phone.at('erase-closed').click()
    await phone.at('erase-closed-yes').click()
    await phone.at('set-up-screen').waitFor()
    await phone.setUp()
    await phone.at('no-certificates').waitFor()
    expect(await phone.receive(await offerTo(ground.wire))).toBe('received')
  })

  it('shows nothing of what was open while it reads on, however long that takes', async () => {
    const device = await ground.device({ serviceWorkers: 'block' })
    await device.setUp()
    await device.context.route('**/wallet.json', () => undefined)
    await device.at('lock').click()
    await device.at('frame').waitFor({ state: 'detached' })
    expect(await device.at('app').getAttribute('data-stage')).toBe('starting')
    await device.close()
  })

  it('says why it does not open where the browser keeps nothing more, and opens once it does', async () => {
    const device = await ground.device({ locale: 'en' })
    await device.setUp()
    await device.at('lock').click()
    await device.at('pin').waitFor()
    const setFull = (isFull: boolean) => device.page.evaluate(fillStorage, isFull)
    await setFull(true)
    await device.at('pin').fill(PIN)
    await device.at('open-pin').click()
    await device.at('refusal').waitFor()
    expect(await device.at('refusal').getAttribute('data-code')).toBe('QuotaExceededError')
    await setFull(false)
    await device.unlock()
    await device.close()
  })

  it('says some twenty seconds before that it closes by itself, and stays open when told to', async () => {
    const device = await ground.device()
    await device.page.clock.install({ time: new Date() })
    await device.page.reload()
    await device.setUp()
    const bar = device.at('closes-soon')
    await device.page.clock.runFor(265_000)
    expect(await bar.count()).toBe(0)
    await device.page.clock.runFor(15_000)
    await bar.waitFor()
    await expect
      .poll(() => device.page.locator('[role=status]', { has: bar }).count(), { timeout: 20_000 })
      .toBe(1)
    await device.at('stay-open').click()
    await bar.waitFor({ state: 'detached' })
    await device.page.clock.runFor(265_000)
    await expect.poll(() => device.at('frame').count(), { timeout: 20_000 }).toBe(1)
    expect(await bar.count()).toBe(0)
    await device.page.clock.runFor(15_000)
    await bar.waitFor()
    await device.page.clock.runFor(25_000)
    await device.at('lock-screen').waitFor()
    expect(await bar.count()).toBe(0)
    await device.close()
  })
})

/** As a disk without room: whatever is to be kept is refused. */
function fillStorage(isFull: boolean): void {
  const { prototype } = IDBObjectStore as unknown as { prototype: { put: unknown; real?: unknown } }
  prototype.real ??= prototype.put
  prototype.put = isFull
    ? () => {
        throw new DOMException('no room', 'QuotaExceededError')
      }
    : prototype.real
}
