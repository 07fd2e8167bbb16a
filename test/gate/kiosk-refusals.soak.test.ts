import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { chromiumState, hasChromium } from '../chromium.js'
import { answerWith, looseTicket, loosePasses } from '../gate-attacker.js'
import { laneSettings, openLane } from '../gate-lanes.js'
import { type KioskGround, startKioskGround } from './kiosk-ground.js'
import { readCode } from './src/code-reader.js'
import { conditions } from './src/conditions.js'

/** Who must not come in, shown to the kiosk's camera; and whom a pack of today keeps out. */

const clean = (text: string) => ({ text, condition: conditions.clean })

describe.skipIf(!hasChromium)(`a kiosk refuses what it sees${chromiumState}`, () => {
  let walk: KioskGround
  beforeAll(async () => {
    walk = await startKioskGround()
  }, 120_000)
  afterAll(() => walk?.close())
  beforeEach(() => walk.kiosk.showFilm([]))

  const challenge = async () => (await readCode(await walk.kiosk.challengeCard())) ?? ''
  const visitorAnswers = async (text: string) => {
    const { wallet } = await walk.ground.visitor()
    return (await wallet.answerGate({ challenge: text, consent: () => 'share' })).text
  }
  const redOf = async (text: string) => {
    await walk.kiosk.showCodes([clean(text)])
    return (await walk.kiosk.waitFor('red', 1))[0]?.code
  }
  const entries = () => walk.kiosk.page.getAttribute('[data-testid=entries-total]', 'data-count')

  it('an answer to the lane next door', async () => {
    const { ground, lane } = walk
    const event = { ...lane.event, venue: ground.venue, ledgerKey: lane.ledgerKey }
    const next = await openLane(ground, laneSettings(ground, event, { lane: '2' }))
    expect(await redOf(await visitorAnswers(await next.challenge()))).toBe('nonce_unknown')
    expect(await entries()).toBe('0')
    // The first look through the camera: on a busy machine its start alone takes half a minute.
  }, 120_000)

  it('a pass that is handed back over the fence and answers anew', async () => {
    const [pass] = await loosePasses(walk.ground, 1)
    await walk.kiosk.showCodes([clean(await answerWith(pass!, await challenge()))])
    await walk.kiosk.waitFor('green', 1)
    await walk.kiosk.showFilm([])
    const second = await answerWith(pass!, await challenge(), {
      paths: [['age_over_18'], ['real_person']],
    })
    expect(await redOf(second)).toMatch(/^(pass_used|code_used)$/)
    expect(await entries()).toBe('1')
  })

  it('a pass for somebody else’s phone: the signature is another’s', async () => {
    const [mine, theirs] = await loosePasses(walk.ground, 2)
    const text = await answerWith(mine!, await challenge(), { signer: theirs!.signer })
    expect(await redOf(text)).toBe('forged')
  })

  it('what is no code of a gate, and its own challenge', async () => {
    expect(await redOf('HTTPS://EXAMPLE.COM/TICKET')).toBe('code_foreign')
    await walk.kiosk.showFilm([])
    expect(await redOf(await challenge())).toBe('code_challenge')
  })

  it('an answer to a challenge that is over', async () => {
    const late = await visitorAnswers(await challenge())
    // Last of all: a gate whose clock is set back afterwards is shut.
    await walk.kiosk.page.clock.setSystemTime(Date.now() + 200_000)
    expect(await redOf(late)).toBe('nonce_late')
    expect(await entries()).toBe('1')
  })
})

describe.skipIf(!hasChromium)(`a kiosk at a ticket gate${chromiumState}`, () => {
  let walk: KioskGround
  beforeAll(async () => {
    walk = await startKioskGround({ kind: 'ticket' })
  }, 120_000)
  afterAll(() => walk?.close())

  it('refuses a copy that was revoked, once a pack says so, and lets the others in', async () => {
    const { ground, kiosk } = walk
    const [revoked, good] = [
      await looseTicket(ground, ground.venue),
      await looseTicket(ground, ground.venue),
    ]
    await ground.issuer(({ certificates }) =>
      certificates.setStatus({
        target: { citizen: revoked.person.reference },
        ...{ status: 'revoked', reason: 'key_compromised' },
      }),
    )
    await takeInPack(walk)
    const challenge = (await readCode(await kiosk.challengeCard())) ?? ''
    const texts = [await answerWith(revoked, challenge), await answerWith(good, challenge)]
    await kiosk.showCodes(texts.map(clean))
    expect((await kiosk.waitFor('red', 1))[0]?.code).toBe('pass_revoked')
    expect((await kiosk.waitFor('green', 1))[0]?.code).toBe('entered')
  })
})

/** Staff bring today's pack. */
async function takeInPack({ kiosk, pack }: KioskGround): Promise<void> {
  const { page } = kiosk
  await page.click('[data-testid=staff-open]')
  await page.fill('[data-testid=pin-entry]', kiosk.pin)
  await page.click('[data-testid=pin-unlock]')
  await page.click('[data-testid=tab-pack]')
  await page.setInputFiles('[data-testid=pack-file]', await pack())
  await page.waitForSelector('[data-testid=pack-told]')
  await page.click('[data-testid=staff-close]')
  await page.waitForSelector('[data-testid=challenge]')
}
