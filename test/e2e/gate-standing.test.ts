import { openRegistrar } from '@netcert/issuer/registrar'
import { memoryLedgerRows } from '@netcert/verifier/gate'
import { afterEach, describe, expect, it } from 'vitest'
import { answerWith, loosePasses, looseTicket } from '../gate-attacker.js'
import { gateGround, startGateGround } from '../gate-ground.js'
import { createEvent, type LaneWish, laneSettings, ledgerOn, openLane } from '../gate-lanes.js'
import { registerVenue } from '../gate-venue.js'

const ground = gateGround()
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const DAY = 86_400
const longEvent = () => ({
  ...createEvent(ground.venue),
  endsAt: new Date(Date.now() + 900 * DAY * 1000),
})

function openWish(wish: LaneWish = {}, of = longEvent()) {
  return openLane(ground, laneSettings(ground, of, wish))
}

async function onePass() {
  const [pass] = await loosePasses(ground, 1)
  return pass!
}

describe('a gate whose clock', () => {
  it('was set back shows nothing and lets nobody in, after a restart neither', async () => {
    const settings = laneSettings(ground, longEvent())
    const rows = memoryLedgerRows()
    const open = async () => openLane(ground, settings, { ledger: await ledgerOn(rows, settings) })
    const lane = await open()
    const [first, second] = await loosePasses(ground, 2)
    const challenge = await lane.challenge()
    expect(await lane.gate.judge(await answerWith(first!, challenge))).toMatchObject({ entry: 1 })
    const answer = await answerWith(second!, challenge)
    lane.clock.later(-301)
    expect(await lane.gate.judge(answer)).toMatchObject({ code: 'clock_back', entry: null })
    await expect(lane.challenge()).rejects.toMatchObject({ code: 'gate_clock_back' })
    const again = await open()
    again.clock.now = lane.clock.now
    expect(await again.gate.judge(answer)).toMatchObject({ code: 'clock_back', entry: null })
  })

  it('starts before what it knows, as with a dead battery, lets nobody in', async () => {
    const lane = await openWish({ kind: 'ticket' })
    lane.clock.now = new Date('2020-01-01T00:00:00Z')
    await expect(lane.challenge()).rejects.toMatchObject({ code: expect.any(String) })
    const shown = await openWish({ kind: 'ticket' })
    const answer = await answerWith(
      await looseTicket(ground, ground.venue),
      await shown.challenge(),
    )
    expect(await lane.gate.judge(answer)).toMatchObject({ colour: 'red', entry: null })
  })

  it.each([1, 3, 40, 400])(
    'is ahead by %i days lets in what still holds then, and nothing more',
    async (days) => {
      const lane = await openWish()
      const pass = await onePass()
      lane.clock.later(days * DAY)
      const challenge = await lane.challenge().catch(() => null)
      if (challenge === null) expect(days).toBeGreaterThanOrEqual(30)
      const shown = challenge ?? (await (await openWish()).challenge())
      const verdict = await lane.gate.judge(await answerWith(pass, shown))
      expect(verdict.colour).toBe(days === 1 ? 'green' : 'red')
    },
  )
})

describe('a phone whose clock', () => {
  it.each([-365, 365])(
    'is off by %i days opens the gate: the nonce has no phone’s clock',
    async (days) => {
      const lane = await openWish()
      const issuedAt = new Date(lane.clock.now.getTime() + days * DAY * 1000)
      const answer = await answerWith(await onePass(), await lane.challenge(), { issuedAt })
      expect(await lane.gate.judge(answer)).toMatchObject({ colour: 'green', code: 'entered' })
    },
  )
})

describe('a ticket copy', () => {
  it('that was revoked is refused by a gate that was told, and by one that was not until the list ends', async () => {
    const ticket = await looseTicket(ground, ground.venue)
    const before = await openWish({ kind: 'ticket' })
    await ground.issuer(({ certificates }) =>
      certificates.setStatus({
        target: { citizen: ticket.person.reference },
        status: 'revoked',
        reason: 'key_compromised',
      }),
    )
    const told = await openWish({ kind: 'ticket' })
    expect(await told.gate.judge(await answerWith(ticket, await told.challenge()))).toMatchObject({
      ...{ colour: 'red', code: 'pass_revoked', entry: null },
    })
    // As old as the pack: what came after it, a gate without a network cannot know.
    const untold = await before.gate.judge(await answerWith(ticket, await before.challenge()))
    expect(untold).toMatchObject({ colour: 'green', freshness: { verdict: 'valid' } })
    before.clock.later(8 * DAY)
    const late = await before.gate.judge(await answerWith(ticket, await before.challenge()))
    expect(late).toMatchObject({ colour: 'red', code: 'lists_too_old', entry: null })
  })
})

describe('a venue', () => {
  it('whose accreditation was taken back shows no challenge any more', async () => {
    const id = `https://closed-${Date.now()}.example`
    const clock = () => new Date()
    const venue = await registerVenue({
      ...{ issuerDir: ground.served.dir, clock, id, operator: `EX${Date.now()}` },
      name: { 'zh-CN': `临时场馆${Date.now()}`, en: `Hall ${Date.now()}` },
      purposes: ['venue-entry'],
    })
    const settings = laneSettings(ground, createEvent(venue))
    await (await openLane(ground, settings)).challenge()
    const { registrar, close } = await openRegistrar({ dir: ground.served.dir, clock })
    await registrar.revoke({ platform: id, reason: 'rules_broken' })
    await close()
    await ground.issuer(async () => undefined)
    const told = await openLane(ground, settings)
    await expect(told.challenge()).rejects.toMatchObject({ code: 'accreditation_revoked' })
  })

  it('cannot open a lane that asks more than it is accredited for', async () => {
    const settings = laneSettings(ground, createEvent(ground.venue), { kind: 'name' })
    const accreditation = ground.venue.accreditation('venue-entry')
    const open = openLane(ground, { ...settings, accreditation })
    await expect(open).rejects.toMatchObject({ code: 'lane_invalid' })
  })
})

describe('an issuer’s key', () => {
  it('that was revoked makes no pass any more, and tickets neither', async () => {
    const other = await startGateGround({ citizens: 2 })
    closing.push(() => other.close())
    const [pass] = await loosePasses(other, 1)
    const ticket = await looseTicket(other, other.venue)
    const of = createEvent(other.venue)
    await other.issuer(async ({ keys }) => {
      const active = (await keys.list()).find((key) => key.use === 'credential')
      await keys.revoke({ alias: active?.alias ?? '' })
    })
    for (const [kind, shown] of [
      ['fact', pass!],
      ['ticket', ticket],
    ] as const) {
      const lane = await openLane(other, laneSettings(other, of, { kind }))
      const verdict = await lane.gate.judge(await answerWith(shown, await lane.challenge()))
      expect(verdict).toMatchObject({ colour: 'red', code: 'issuer_unknown', entry: null })
    }
  })
})
