import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumState, hasChromium } from '../chromium.js'
import {
  PIN,
  startWalletPageGround,
  type WalletDevice,
  type WalletPageGround,
} from '../wallet-page-ground.js'
import { jsonOf } from './netcert-process.js'
import { ask, offerTo, resultOf } from './wire-ground.js'

const DAY_SECONDS = 86_400
const wrongClocks = [
  ['three days fast', 3 * DAY_SECONDS],
  ['three days slow', -3 * DAY_SECONDS],
  ['ten minutes fast', 600],
  ['ten minutes slow', -600],
] as const

describe.skipIf(!hasChromium)(
  `how the page of the wallet opens and closes${chromiumState}`,
  { timeout: 180_000 },
  () => {
    let ground: WalletPageGround
    beforeAll(async () => {
      ground = await startWalletPageGround()
    })
    afterAll(() => ground?.close())

    it('is set up and opened with a passkey, which without its authenticator opens nothing', async () => {
      const device = await ground.device()
      const remove = await addAuthenticator(device)
      await device.at('create-passkey').click()
      await device.at('frame').waitFor()
      expect(await device.receive(await offerTo(ground.wire))).toBe('received')
      await device.at('lock').click()
      await device.at('open-passkey').click()
      await device.at('frame').waitFor()
      expect(await device.left()).toEqual(['10'])
      await device.page.reload()
      await device.at('lock-screen').waitFor()
      await remove()
      await addAuthenticator(device)
      await device.at('open-passkey').click()
      await device.at('refusal').waitFor()
      expect(await device.at('refusal').getAttribute('data-code')).toBe('passkey_refused')
      expect(await device.at('frame').count()).toBe(0)
      await device.close()
    })

    it('changes nothing for whoever went back while the PIN was looked at', async () => {
      const device = await ground.device()
      const remove = await addAuthenticator(device)
      await device.setUp()
      await device.go('settings')
      const change = async (kind: string, buttons: readonly string[]) => {
        await device.at(`change-${kind}`).click()
        await device.at('pin').fill(PIN)
        await device.page.locator('[data-testid=open-pin]:enabled').waitFor()
        await device.page.evaluate((names) => {
          for (const name of names) {
            document.querySelector<HTMLElement>(`[data-testid=${name}]`)?.click()
          }
        }, buttons)
      }
      await change('passkey', ['open-pin'])
      await device.at('change-no-pin').waitFor()
      await change('no-pin', ['open-pin', 'way-cancel'])
      await device.at('way-change').waitFor({ state: 'detached' })
      // Longer than a PIN takes.
      await device.page.waitForTimeout(3_000)
      expect(await device.at('change-no-pin').count()).toBe(1)
      await device.at('lock').click()
      await device.unlock()
      await remove()
      await device.close()
    })

    it('takes no PIN that is easy to guess, and none that was typed otherwise the second time', async () => {
      const device = await ground.device()
      const choose = async (pin: string, again: string) => {
        await device.at('pin-new').fill(pin)
        await device.at('pin-again').fill(again)
        await device.at('create-pin').click()
        await device.at('refusal').waitFor()
        return device.at('refusal').textContent()
      }
      expect(await choose('123456', '123456')).toContain('太容易猜')
      expect(await choose(PIN, `${PIN}1`)).toContain('不一致')
      await device.close()
    })

    it('waits longer after each wrong PIN, also after it was opened anew, and erases only where told to', async () => {
      const device = await ground.device()
      await device.setUp()
      await device.at('lock').click()
      const attempt = async (pin: string) => {
        await device.at('pin').fill(pin)
        await device.at('open-pin').click()
        await device.page.locator('[data-testid=refusal], [data-testid=frame]').first().waitFor()
        await device.page
          .locator('[data-testid=open-pin]:not([disabled])')
          .or(device.at('pin'))
          .first()
          .waitFor()
        return device.at('refusal').getAttribute('data-code')
      }
      let tries = 0
      while (tries < 12 && (await attempt('918273')) !== 'pin_waiting') tries += 1
      expect(tries).toBeGreaterThan(1)
      expect(tries).toBeLessThan(12)
      await device.page.reload()
      expect(await attempt(PIN)).toBe('pin_waiting')
      await device.close()
    })

    it('closes by itself when nobody touches it', async () => {
      const device = await ground.device()
      await device.page.clock.install({ time: new Date() })
      await device.page.reload()
      await device.setUp()
      await device.page.clock.fastForward(200_000)
      await expect.poll(() => device.at('frame').count(), { timeout: 20_000 }).toBe(1)
      await device.page.keyboard.press('Shift')
      await device.page.clock.fastForward(200_000)
      await expect.poll(() => device.at('frame').count(), { timeout: 20_000 }).toBe(1)
      await device.page.clock.fastForward(310_000)
      await device.at('lock-screen').waitFor()
      expect(await device.at('frame').count()).toBe(0)
      await device.close()
    })

    it.each(wrongClocks)(
      'names the clock to whoever receives when it is %s',
      async (_how, seconds) => {
        const device = await ground.device({ clockOffSeconds: seconds })
        await device.setUp()
        expect(await device.receive(await offerTo(ground.wire))).toBe('refusal')
        expect(await device.at('refusal').textContent()).toContain('日期和时间')
        await device.go('home')
        await device.page.locator('h1').waitFor()
        expect(device.complaints).toEqual([])
        await device.close()
      },
    )

    it.each(wrongClocks)(
      'names the clock to whoever shows when it is %s, and shows once it is right',
      async (_how, seconds) => {
        const device = await ground.device()
        await device.setUp()
        expect(await device.receive(await offerTo(ground.wire))).toBe('received')
        const turnClock = async (by: number) => {
          await device.context.clock.setSystemTime(Date.now() + by * 1000)
          await device.page.reload()
          await device.unlock()
        }
        await turnClock(seconds)
        expect(await device.present((await ask(ground.wire)).request_uri)).toBe('refusal')
        expect(await device.at('refusal').textContent()).toContain('日期和时间')
        await turnClock(0)
        const { request_uri, session } = await ask(ground.wire)
        expect(await device.present(request_uri)).toBe('presented')
        expect(jsonOf(await resultOf(ground.wire, session))).toHaveProperty('verified')
        expect(device.complaints).toEqual([])
        await device.close()
      },
    )
  },
)

/** A virtual authenticator with `prf` that answers at once; gives how to take it away. */
async function addAuthenticator({ context, page }: WalletDevice): Promise<() => Promise<void>> {
  const session = await context.newCDPSession(page)
  await session.send('WebAuthn.enable')
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'internal' },
      ...{ hasResidentKey: true, hasUserVerification: true, isUserVerified: true },
      ...{ automaticPresenceSimulation: true, hasPrf: true },
    },
  })
  return async () => {
    await session.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })
  }
}
