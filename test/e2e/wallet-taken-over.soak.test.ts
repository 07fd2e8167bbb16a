import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { chromiumState, hasChromium } from '../chromium.js'
import { type FaultyNetwork, startFaultyNetwork } from '../faulty-network.js'
import {
  beginReceiving,
  deviceOn,
  PIN,
  receiveFirst,
  startWalletPageGround,
  type WalletDevice,
  type WalletPageGround,
} from '../wallet-page-ground.js'
import { jsonOf } from './netcert-process.js'
import { ask, offerTo, resultOf } from './wire-ground.js'

const RESPONSE = /\/response/
const CREDENTIAL = /\/credential$/

describe.skipIf(!hasChromium)(
  `a wallet that is taken in the middle of an act${chromiumState}`,
  () => {
    let ground: WalletPageGround
    let network: FaultyNetwork
    let first: WalletDevice
    beforeAll(async () => {
      ground = await startWalletPageGround()
      network = await startFaultyNetwork()
    })
    afterAll(async () => {
      await ground?.close()
      await network?.close()
    })
    beforeEach(async () => {
      first = await ground.device({ proxy: network.proxy })
      await first.setUp()
      await receiveFirst(first, await offerTo(ground.wire))
    })
    afterEach(() => first?.close())

    const isWaiting = async (session: string) => (await resultOf(ground.wire, session)).code !== 0
    /** Another tab of the same browser, which takes the wallet over. */
    const takeOver = async () => {
      const second = deviceOn({ ...first, page: await first.context.newPage() })
      await second.page.goto(first.url)
      await second.at('take-here').click()
      await second.unlock()
      await first.at('elsewhere').waitFor()
      return second
    }
    const evict = async () => {
      const session = await first.context.newCDPSession(first.page)
      const { origin } = new URL(first.url)
      await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' })
      await first.at('erased').waitFor()
    }

    it('does not open in the tab that lost it while its PIN was looked at', async () => {
      await first.at('lock').click()
      const second = deviceOn({ ...first, page: await first.context.newPage() })
      await second.page.goto(first.url)
      await second.at('take-here').waitFor()
      await first.at('pin').fill(PIN)
      await first.at('open-pin').click()
      await second.at('take-here').click()
      await second.unlock()
      await first.at('elsewhere').waitFor()
      // Longer than a PIN takes.
      await first.page.waitForTimeout(3_000)
      expect(await first.at('frame').count()).toBe(0)
      expect(await second.left()).toEqual(['10'])
    })

    it('asks nothing any more in the tab that lost it; the other one may answer, once', async () => {
      const { request_uri, session } = await ask(ground.wire)
      await first.go('present', { request: request_uri })
      await first.at('consent').waitFor()
      const second = await takeOver()
      expect(await first.at('share').count()).toBe(0)
      expect(await isWaiting(session)).toBe(true)
      expect(await second.left()).toEqual(['10'])
      expect(await second.present(request_uri)).toBe('presented')
      expect(await second.left()).toEqual(['9'])
      expect(await isWaiting(session)).toBe(false)
    })

    it('lets an answer out that was under way, and the other tab knows of it and uses another copy', async () => {
      const { request_uri, session } = await ask(ground.wire)
      const held = network.next(RESPONSE, 'held')
      void first.present(request_uri).catch(() => undefined)
      const { go } = await held
      const second = await takeOver()
      expect(await second.left()).toEqual(['9'])
      const other = await ask(ground.wire)
      expect(await second.present(other.request_uri)).toBe('presented')
      go()
      await expect.poll(() => isWaiting(session), { timeout: 20_000 }).toBe(false)
      expect(jsonOf(await resultOf(ground.wire, other.session))).toMatchObject({ verified: true })
      expect(await second.left()).toEqual(['8'])
      await second.go('history')
      await second.at('event').nth(1).waitFor()
      await expect.poll(() => second.at('event').count(), { timeout: 20_000 }).toBe(2)
      expect(await first.at('frame').count()).toBe(0)
    })

    it('keeps what was being received when the other tab took it, whole and once', async () => {
      const offer = await offerTo(ground.wire, '--type', 'gate-pass')
      const held = network.next(CREDENTIAL, 'held')
      await beginReceiving(first, offer)
      const { go } = await held
      const second = await takeOver()
      expect(await second.left()).toEqual(['10'])
      go()
      const total = async () => {
        await second.go('family')
        return (await second.left()).toSorted()
      }
      await expect.poll(total, { timeout: 20_000 }).toEqual(['10', '8'])
      expect(await second.receive(offer)).toBe('refusal')
      expect(await second.at('refusal').getAttribute('data-code')).toBe('grant_refused')
    })

    it('gives nothing away when the browser erases it while its citizen is asked', async () => {
      const { request_uri, session } = await ask(ground.wire)
      await first.go('present', { request: request_uri })
      await first.at('consent').waitFor()
      await evict()
      expect(await first.at('share').count()).toBe(0)
      expect(await isWaiting(session)).toBe(true)
      await first.at('reopen').click()
      await first.at('set-up-screen').waitFor()
    })

    it('keeps nothing of a certificate that arrives after the browser erased it, and begins anew', async () => {
      const held = network.next(CREDENTIAL, 'held')
      await beginReceiving(first, await offerTo(ground.wire, '--type', 'gate-pass'))
      const { go } = await held
      await evict()
      go()
      await first.page.reload()
      await first.setUp()
      await first.go('home')
      await first.at('no-certificates').waitFor()
      expect(await first.receive(await offerTo(ground.wire))).toBe('received')
      expect(await first.left()).toEqual(['10'])
    })
  },
)
