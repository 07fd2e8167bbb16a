import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumState, hasChromium } from '../chromium.js'
import {
  startWalletPageGround,
  type WalletDevice,
  type WalletPageGround,
} from '../wallet-page-ground.js'
import { errorOf, jsonOf } from './netcert-process.js'
import { ask, offerTo, resultOf } from './wire-ground.js'

const PLATFORM = ['--type', 'network-certificate-platform'] as const
const DAY_SECONDS = 86_400

describe.skipIf(!hasChromium)(`a pause on the page of the wallet${chromiumState}`, () => {
  let ground: WalletPageGround
  let phone: WalletDevice
  beforeAll(async () => {
    ground = await startWalletPageGround()
    phone = await ground.device()
    await phone.setUp()
  })
  afterAll(() => ground?.close())

  const states = async () => {
    await phone.left()
    return phone.at('card').evaluateAll((cards) => cards.map((it) => it.dataset['state']))
  }
  const part = () => pausePart(phone)
  const pause = (days: '1' | '7' | 'until') => pauseOn(phone, days)
  const reinstate = async () => {
    const [first] = ground.wire.people
    const whom = ['--citizen', first!.reference, '--reason', 'citizen_asked']
    jsonOf(await ground.wire.at('certificate', 'reinstate', ...whom))
  }
  const publish = async () => {
    const out = join(ground.wire.issuer, 'published')
    jsonOf(await ground.wire.at('publish', '--now', '--out', out))
  }

  it('is refused where nothing here is about the citizen, and leaves the code on paper', async () => {
    await pause('7')
    expect(await phone.at('refusal').getAttribute('data-code')).toBe('pause_impossible')
    expect(await phone.at('revocation-page').getAttribute('href')).toContain('/revoke')
  })

  it('is made after a no and a yes, says until when, and stands on the cards', async () => {
    expect(await phone.receive(await offerTo(ground.wire))).toBe('received')
    await part()
    await phone.at('pause-own').click()
    await phone.at('pause-no').click()
    expect(await phone.at('paused').count()).toBe(0)
    expect(await states()).toEqual(['ready'])
    const tomorrow = () => {
      const day = new Date(Date.now() + DAY_SECONDS * 1000)
      return `${day.getMonth() + 1}月${day.getDate()}日`
    }
    const early = tomorrow()
    const said = await pause('1')
    // The day may have changed meanwhile.
    expect([early, tomorrow()].filter((day) => said.includes(day))).not.toEqual([])
    expect(await states()).toEqual(['paused'])
    expect(await phone.at('home-paused').textContent()).toContain('自动恢复')
    await phone.at('card').first().click()
    await phone.at('certificate-paused').waitFor()
    // It is kept, and nobody with the phone finds a way to take it back.
    await phone.page.reload()
    await phone.unlock()
    expect(await states()).toEqual(['paused'])
    await part()
    await phone.at('paused').waitFor()
    expect(await phone.at('pause-own').textContent()).toContain('更久')
    expect(await phone.receive(await offerTo(ground.wire))).toBe('refusal')
    expect(await phone.at('refusal').getAttribute('data-code')).toBe('certificates_paused')
  })

  it('may be made longer, until nobody but the counter ends it', async () => {
    await part()
    await phone.at('pause-own').click()
    await phone.at('pause-days-until').check()
    await phone.at('pause-yes').click()
    await phone.at('pause-own').waitFor({ state: 'detached' })
    expect(await phone.at('paused').textContent()).toContain('柜台')
  })

  it('has verifiers refuse the paused copy, and take it again once that is over', async () => {
    await reinstate()
    const other = await ground.device()
    await other.setUp()
    expect(await other.receive(await offerTo(ground.wire, ...PLATFORM))).toBe('received')
    /** What the verifier says of the copy with a status; it reads new lists every few seconds. */
    const becomes = async (code: string) => {
      await publish()
      await expect
        .poll(() => verdict(ground, other), { timeout: 60_000, interval: 1_000 })
        .toBe(code)
    }
    await becomes('ok')
    await pauseOn(other, '7')
    await becomes('status_suspended')
    await reinstate()
    await becomes('ok')
    // What the list says tells the wallet, where it reads it anyway.
    await other.go('home')
    await other.at('card').first().click()
    await other.at('refill').click()
    await expect
      .poll(async () => {
        await other.go('home')
        await other.at('card').first().waitFor()
        return other.at('card').first().getAttribute('data-state')
      })
      .toBe('ready')
    expect(other.complaints).toEqual([])
  })

  it('makes the browser complain of nothing', () => {
    expect(phone.complaints).toEqual([])
  })
})

async function pausePart(device: WalletDevice): Promise<void> {
  await device.go('home')
  await device.page.locator('[data-place=home]').waitFor()
  await device.go('safety', { part: 'pause' })
  await device.at('pause').waitFor()
}

/** Pauses for so long, and gives what the page says stands. */
async function pauseOn(device: WalletDevice, days: '1' | '7' | 'until'): Promise<string> {
  await pausePart(device)
  await device.at('pause-own').click()
  await device.at(`pause-days-${days}`).check()
  await device.at('pause-yes').click()
  const ends = device.page.locator('[data-testid=paused], [data-testid=refusal]')
  await ends.first().waitFor()
  return (await ends.first().textContent()) ?? ''
}

async function verdict({ wire }: WalletPageGround, device: WalletDevice): Promise<string> {
  const { request_uri, session } = await ask(wire)
  await device.go('home')
  await device.present(request_uri)
  const result = await resultOf(wire, session)
  return result.code === 0 ? 'ok' : (errorOf(result).code ?? '')
}
