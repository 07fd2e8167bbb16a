import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumState, hasChromium } from '../chromium.js'
import {
  startWalletPageGround,
  type WalletDevice,
  type WalletPageGround,
} from '../wallet-page-ground.js'
import { jsonOf } from './netcert-process.js'
import { ask, fillWallet, type Offer, offerTo } from './wire-ground.js'

/** Saves what a button hands out. */
async function saved(device: WalletDevice, button: string, path: string): Promise<string> {
  const download = device.page.waitForEvent('download')
  await device.at(button).click()
  await (await download).saveAs(path)
  return readFileSync(path, 'utf8')
}

describe.skipIf(!hasChromium)(`safety on the page of the wallet${chromiumState}`, () => {
  let ground: WalletPageGround
  let phone: WalletDevice
  beforeAll(async () => {
    ground = await startWalletPageGround()
    phone = await ground.device()
    await phone.setUp()
  })
  afterAll(() => ground?.close())

  const part = (name: string) => phone.go('safety', { part: name })
  const code = () => phone.at('refusal').getAttribute('data-code')

  it('hands a file out under a passphrase, erases everything, and takes the file in', async () => {
    expect(await phone.receive(await offerTo(ground.wire))).toBe('received')
    const { request_uri } = await ask(ground.wire)
    expect(await phone.present(request_uri)).toBe('presented')
    await part('move')
    const passphrase = (await phone.at('passphrase').textContent()) ?? ''
    await phone.at('make-file').click()
    const path = ground.wire.folder.at('wallet.ncmove')
    const file = await saved(phone, 'save-file', path)
    expect(file).toMatch(/^netcert-move 1\n[\w-]+(\.[\w-]*){4}\n$/)
    expect(file).not.toContain(passphrase)

    await part('erase')
    await phone.at('erase').click()
    await phone.at('erase-no').click()
    expect(await phone.left()).toEqual(['9'])
    await part('erase')
    await phone.at('erase').click()
    await phone.at('erase-yes').click()
    await phone.at('set-up-screen').waitFor()
    expect(await databases(phone)).not.toContain('netcert-wallet')

    await phone.setUp()
    await part('arrive')
    await phone.at('moved-file').setInputFiles(path)
    await phone.at('moved-passphrase').fill('not the passphrase')
    await phone.at('take-in').click()
    await phone.at('refusal').waitFor()
    expect(await code()).toBe('move_locked')
    await phone.at('moved-passphrase').fill(passphrase.toLowerCase())
    await phone.at('take-in').click()
    await phone.at('arrived').waitFor()
    expect(await phone.at('arrived-facts').textContent()).toMatch(/1 条/)
    await phone.go('home')
    await phone.page.locator('[data-place=home] h1').waitFor()
    expect(await phone.at('card').count()).toBe(0)
  })

  it('refuses a file that was changed, and one that is none', async () => {
    const path = ground.wire.folder.at('changed.ncmove')
    const file = readFileSync(ground.wire.folder.at('wallet.ncmove'), 'utf8')
    const middle = file.length >> 1
    const changed =
      file.slice(0, middle) + (file[middle] === 'A' ? 'B' : 'A') + file.slice(middle + 1)
    await phone.go('safety')
    for (const [text, refused] of [
      [changed, 'move_locked'],
      ['something else', 'move_unreadable'],
    ] as const) {
      await part('arrive')
      const buffer = Buffer.from(text)
      const given = { name: path, mimeType: 'application/octet-stream', buffer }
      await phone.at('moved-file').setInputFiles(given)
      await phone.at('moved-passphrase').fill('whatever it was')
      await phone.at('take-in').click()
      await phone.at('refusal').waitFor()
      expect(await code()).toBe(refused)
      await phone.go('safety')
      await phone.at('part-arrive').waitFor()
    }
  })

  it('gives a recovery contact’s word, which the issuer takes', async () => {
    const [, second] = ground.wire.people
    const offer = ['offer', 'create', '--citizen', second!.reference]
    const made = jsonOf<Offer>(await ground.wire.at(...offer, '--type', 'network-certificate'))
    expect(await phone.receive(made)).toBe('received')
    await fillWallet(ground.wire, 'first')
    const [first] = ground.wire.people
    const asked = jsonOf<{ contact: string; link: string }>(
      await ground.wire.at('person', 'contact', 'ask', '--citizen', first!.reference),
    )
    await phone.go('family', { link: asked.link })
    await phone.at('vouch-question').waitFor()
    expect(await phone.at('vouch-question').getAttribute('data-kind')).toBe('contact')
    await phone.at('vouch-yes').click()
    await phone.at('vouched').waitFor()
    const path = ground.wire.folder.at('word.txt')
    await saved(phone, 'save-word', path)
    const taken = await ground.wire.at('person', 'contact', 'accept', asked.contact, path)
    expect(jsonOf(taken)).toBeDefined()
  })

  it('cancels after one sure word, shows the receipt, keeps it and hands it out', async () => {
    await part('cancel')
    await phone.at('cancel-question').waitFor()
    await phone.at('cancel-now').click()
    await phone.at('cancel-now-no').click()
    expect(await phone.left()).not.toEqual([])
    await part('cancel')
    await phone.at('cancel-now').click()
    await phone.at('cancel-now-yes').click()
    await phone.at('receipt').waitFor()
    expect(await phone.at('erased').textContent()).toContain('网证登记')
    expect(await phone.at('receipt').textContent()).toContain('示例签发机构')
    const path = ground.wire.folder.at('receipt.jwt')
    await saved(phone, 'save-receipt', path)
    const verified = jsonOf<{ receipts: { erased: { class: string }[] }[] }>(
      await ground.wire.wallet('first', 'receipts', '--verify', path),
    )
    expect(verified.receipts[0]?.erased.map((it) => it.class)).toContain('person')
    await phone.page.reload()
    await phone.unlock()
    expect(await phone.at('card').count()).toBe(0)
    await part('receipts')
    await phone.at('receipt').waitFor()
    expect(await phone.at('receipt').textContent()).toContain('示例签发机构')
    await part('cancel')
    await phone.at('refusal').waitFor()
    expect(await code()).toBe('cancellation_impossible')
  })

  it('makes the browser complain of nothing', () => {
    // The icon of the tab, asked for by the browser just while it drops all it kept of this site.
    const ofErasing = /net::ERR_FAILED \S+\/icons\//
    expect(phone.complaints.filter((it) => !ofErasing.test(it))).toEqual([])
  })
})

/** What the browser keeps of this origin. */
const databases = ({ page }: WalletDevice): Promise<(string | undefined)[]> =>
  page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name))
