import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumState, hasChromium } from '../chromium.js'
import type { Visitor } from '../gate-ground.js'
import { phoneSees } from './kiosk-device.js'
import { type KioskGround, startKioskGround } from './kiosk-ground.js'
import { readCode } from './src/code-reader.js'
import { type ConditionName, conditions } from './src/conditions.js'

/** Both ways through real cameras of pixels: a kiosk in Chromium, a wallet, and no network. */

const six: readonly ConditionName[] = ['clean', 'tilted', 'blurred', 'dark', 'glare', 'small']

describe.skipIf(!hasChromium)(`a kiosk and a phone, each with a camera${chromiumState}`, () => {
  let walk: KioskGround
  let visitor: Visitor

  beforeAll(async () => {
    walk = await startKioskGround()
    visitor = await walk.ground.visitor()
  })
  afterAll(() => walk?.close())

  /** The phone reads the kiosk's screen under a condition, and its wallet answers. */
  async function answerSeen(name: ConditionName, seed: number): Promise<string> {
    const challenge = await readCode(
      phoneSees(await walk.kiosk.challengeCard(), conditions[name], seed),
    )
    if (challenge === null) throw new Error(`the phone did not read the challenge: ${name}`)
    const { text } = await visitor.wallet.answerGate({ challenge, consent: () => 'share' })
    return text
  }

  it('let somebody in however they hold it; offline after a restart the gate still knows who is in', async () => {
    const { kiosk, server } = walk
    const answers: string[] = []
    for (const [seed, name] of six.entries()) answers.push(await answerSeen(name, seed + 1))
    await kiosk.showCodes(answers.map((text, at) => ({ text, condition: conditions[six[at]!] })))
    const green = await kiosk.waitFor('green', six.length)
    expect(new Set(green.map(({ entry }) => entry))).toEqual(
      new Set(['1', '2', '3', '4', '5', '6']),
    )
    expect(new Set(green.map(({ code, by }) => `${code} ${by}`))).toEqual(
      new Set(['entered challenge']),
    )

    await server.close()
    await kiosk.restart()
    await kiosk.context.setOffline(true)
    await kiosk.page.reload()
    await kiosk.page.waitForSelector('[data-testid=network][data-online=false]')
    // The film goes on: the six codes are held up once more.
    const red = await kiosk.waitFor('red', six.length)
    expect(new Set(red.map(({ code }) => code))).toEqual(new Set(['code_used']))
    expect(await kiosk.page.getAttribute('[data-testid=entries-total]', 'data-count')).toBe('6')

    await kiosk.showFilm([])
    const seventh = await answerSeen('clean', 7)
    await kiosk.showCodes([{ text: seventh, condition: conditions.clean }])
    expect((await kiosk.waitFor('green', 1))[0]).toMatchObject({ code: 'entered', entry: '7' })
  }, 120_000)
})
