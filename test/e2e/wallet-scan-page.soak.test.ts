import { toBuffer } from 'qrcode'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { chromiumState, hasChromium } from '../chromium.js'
import { type FilmedDevice, openFilmedDevice } from '../wallet-page/filmed-device.js'
import {
  startWalletPageGround,
  type WalletDevice,
  type WalletPageGround,
} from '../wallet-page-ground.js'
import { jsonOf } from './netcert-process.js'
import { ask, offerTo, resultOf } from './wire-ground.js'

const agreeing = (device: WalletDevice, code: string | null) =>
  device.walk({
    ...{ ends: ['received', 'refusal'], yes: 'yes' },
    async before() {
      if ((await device.at('tx-code').count()) > 0) await device.at('tx-code').fill(code ?? '')
    },
  })

describe.skipIf(!hasChromium)(`the camera of the wallet's page${chromiumState}`, () => {
  let ground: WalletPageGround
  beforeAll(async () => {
    ground = await startWalletPageGround()
  })
  afterAll(() => ground?.close())

  describe('that it may use', () => {
    let phone: FilmedDevice
    beforeAll(async () => {
      phone = await openFilmedDevice(ground.url)
      await phone.setUp()
    })
    afterAll(() => phone?.close())

    it('reads the offer on an issuer’s screen, and its citizen receives by it', async () => {
      const { offer_uri, tx_code } = await offerTo(ground.wire)
      await phone.hold([offer_uri])
      await phone.go('scan')
      await phone.at('question').waitFor()
      expect(await agreeing(phone, tx_code)).toBe('received')
      expect(await phone.left()).toEqual(['10'])
    })

    it('reads the request on a shop’s screen, and nothing leaves before the tap', async () => {
      const { request_uri, session } = await ask(ground.wire)
      await phone.hold([request_uri])
      await phone.go('scan')
      await phone.at('consent').waitFor()
      expect((await resultOf(ground.wire, session)).code).not.toBe(0)
      expect(await phone.walk({ ends: ['presented', 'refusal'], yes: 'share' })).toBe('presented')
      expect(jsonOf(await resultOf(ground.wire, session))).toMatchObject({ verified: true })
      expect(await phone.left()).toEqual(['9'])
    })

    it('says that a code is none of the wallet’s, asks nobody for it, and reads the next one', async () => {
      const { offer_uri } = await offerTo(ground.wire)
      await phone.hold(['https://example.com/menu', offer_uri], 10)
      const before = phone.asked.length
      await phone.go('scan')
      await phone.at('foreign-code').waitFor()
      expect(await phone.at('foreign-code').textContent()).toContain('不是')
      expect(await phone.at('camera').getAttribute('data-state')).toBe('reading')
      await phone.at('question').waitFor()
      const asked = phone.asked.slice(before).filter((url) => !url.startsWith(ground.url))
      expect(asked).toEqual([])
      await phone.at('no').click()
    })

    it('takes no code for a command: a script, a file and a link in a link lead nowhere', async () => {
      for (const text of [
        'javascript:alert(1)',
        'file:///etc/passwd',
        `${ground.url}#/present?request=${encodeURIComponent(`${ground.url}#/present?request=a`)}`,
      ]) {
        await phone.go('home')
        await phone.hold([text])
        await phone.go('scan')
        await phone.at('foreign-code').waitFor()
        expect(phone.page.url()).toBe(`${ground.url}#/scan?`)
      }
    })

    it('lets the camera go when its citizen goes elsewhere', async () => {
      await phone.go('home')
      await phone.hold(['nothing of ours'])
      await phone.go('scan')
      await phone.page.locator('[data-testid=camera][data-state=reading]').waitFor()
      const track = await phone.page.evaluateHandle(() => {
        const { srcObject } = document.querySelector('video') ?? {}
        return srcObject instanceof MediaStream ? srcObject.getTracks()[0] : undefined
      })
      expect(await track.evaluate((it) => it?.readyState)).toBe('live')
      await phone.page.goBack()
      await phone.page.locator('[data-place=home] h1').waitFor()
      await phone.page.waitForFunction((it) => it?.readyState === 'ended', track)
    })

    it('makes the browser complain of nothing', () => {
      expect(phone.complaints).toEqual([])
    })
  })

  describe('that it does not get', () => {
    let device: WalletDevice | undefined
    afterEach(() => device?.close())

    const picture = async (text: string) => ({
      name: 'code.png',
      mimeType: 'image/png',
      buffer: await toBuffer(text, { errorCorrectionLevel: 'L', scale: 6 }),
    })
    const stateOf = async (on: WalletDevice) => {
      await on.go('scan')
      await on.page.locator('[data-testid=camera]:not([data-state=starting])').waitFor()
      return on.at('camera').getAttribute('data-state')
    }

    const elsewhere = async (on: WalletDevice) => {
      await on.go('home')
      await on.at('foreign-code').waitFor({ state: 'detached' })
      return on
    }

    it('says so where its citizen allowed none, and the code comes in as a picture', async () => {
      device = await openFilmedDevice(ground.url, { givesCamera: false })
      await device.setUp()
      expect(await stateOf(device)).toBe('refused')
      expect(await device.at('camera').textContent()).toMatch(/没有相机权限[^]*图片/)
      const { offer_uri, tx_code } = await offerTo(ground.wire)
      await device.at('picture').setInputFiles(await picture(offer_uri))
      await device.at('question').waitFor()
      expect(await agreeing(device, tx_code)).toBe('received')
      expect(await device.left()).toEqual(['10'])
      expect(device.complaints).toEqual([])
    })

    it('says so where there is no camera, and the code comes in as a text', async () => {
      device = await ground.device()
      await device.setUp()
      expect(await stateOf(device)).toBe('missing')
      expect(await device.at('camera').textContent()).toMatch(/没有找到相机[^]*图片[^]*链接/)
      const { offer_uri, tx_code } = await offerTo(ground.wire)
      await device.at('code-text').fill(` ${offer_uri}\n`)
      await device.at('take-text').click()
      await device.at('question').waitFor()
      expect(await agreeing(device, tx_code)).toBe('received')
    })

    it('says what a picture without a code, a file that is no picture, and another’s code are', async () => {
      device = await ground.device({ locale: 'en' })
      await device.setUp()
      await stateOf(device)
      const files = [
        await picture('WIFI:S:cafe;T:WPA;P:secret;;'),
        { name: 'note.png', mimeType: 'image/png', buffer: Buffer.from('not a picture') },
      ]
      for (const file of files) {
        await stateOf(await elsewhere(device))
        await device.at('picture').setInputFiles(file)
        await device.at('foreign-code').waitFor()
      }
      await stateOf(await elsewhere(device))
      await device.at('code-text').fill('hello')
      await device.at('take-text').click()
      expect(await device.at('foreign-code').textContent()).toMatch(/not one for the wallet/)
      const { offer_uri } = await offerTo(ground.wire)
      await device.at('picture').setInputFiles(await picture(offer_uri))
      await device.at('question').waitFor()
      expect(device.complaints).toEqual([])
    })
  })
})
