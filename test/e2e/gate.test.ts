import dgram from 'node:dgram'
import dns from 'node:dns'
import net from 'node:net'
import { GATE_PASS, NETWORK_CERTIFICATE } from '@netcert/credential'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { gateGround, type Visitor } from '../gate-ground.js'
import { createEvent, type LaneWish, laneSettings, openLane, type TestLane } from '../gate-lanes.js'

const ground = gateGround()
const attempts: string[] = []

/** From here on neither side has a network. */
function withoutNetwork(): void {
  const refuse = (what: string) => () => {
    attempts.push(what)
    throw new Error(`${what} was tried where there is no network`)
  }
  vi.spyOn(net.Socket.prototype, 'connect').mockImplementation(refuse('a connection'))
  vi.spyOn(net.Server.prototype, 'listen').mockImplementation(refuse('a port'))
  vi.spyOn(dgram, 'createSocket').mockImplementation(refuse('a datagram'))
  vi.spyOn(dns, 'lookup').mockImplementation(refuse('a name') as never)
  vi.spyOn(dns.promises, 'lookup').mockImplementation(refuse('a name') as never)
  vi.spyOn(globalThis, 'fetch').mockImplementation(refuse('fetch'))
}

beforeEach(() => void attempts.splice(0))
afterEach(() => {
  vi.restoreAllMocks()
  if (attempts.length > 0) throw new Error(attempts.join(', '))
})

const openWish = (wish: LaneWish = {}) =>
  openLane(ground, laneSettings(ground, createEvent(ground.venue), wish))

/** One QR code each way. */
async function pass({ gate, challenge }: TestLane, { wallet }: Visitor) {
  const { text } = await wallet.answerGate({ challenge: await challenge(), consent: () => 'share' })
  return gate.judge(text)
}

const left = async ({ wallet }: Visitor) =>
  (await wallet.remaining()).map(({ copies }) => copies).reduce((sum, copies) => sum + copies, 0)

describe('at a gate, neither side of which has a network', () => {
  it('a visitor shows one of eight passes and is let in, old enough and real', async () => {
    const visitor = await ground.visitor()
    expect(await visitor.wallet.remaining()).toEqual([
      { vct: GATE_PASS, kind: 'one-time', copies: 8 },
    ])
    const lane = await openWish()
    withoutNetwork()
    const verdict = await pass(lane, visitor)
    expect(verdict).toMatchObject({
      ...{ colour: 'green', code: 'entered', by: 'challenge', entry: 1, repeated: false },
      facts: { age_over_18: true, real_person: expect.any(String) },
    })
    expect(verdict.identity).toBeUndefined()
    expect(await left(visitor)).toBe(7)
    expect(await visitor.wallet.ledger()).toHaveLength(1)
  })

  it('a visitor without passes is told so, and a gate sees nothing', async () => {
    const visitor = await ground.visitor()
    const lane = await openWish()
    withoutNetwork()
    for (let shown = 0; shown < 8; shown += 1) {
      expect(await pass(lane, visitor)).toMatchObject({ colour: 'green' })
    }
    await expect(pass(lane, visitor)).rejects.toMatchObject({ code: 'copies_used_up' })
  })

  it('somebody with a ticket is known by the number of this venue, once', async () => {
    const visitor = await ground.visitor({ ticketOf: ground.venue })
    const lane = await openWish({ kind: 'ticket' })
    withoutNetwork()
    expect(await pass(lane, visitor)).toMatchObject({ colour: 'green', code: 'entered' })
    lane.clock.later(60)
    expect(await pass(lane, visitor)).toMatchObject({ colour: 'red', code: 'person_entered' })
  })

  it('somebody without a ticket of this venue has nothing to show', async () => {
    const visitor = await ground.visitor({ ticketOf: ground.otherVenue })
    const lane = await openWish({ kind: 'ticket' })
    withoutNetwork()
    await expect(pass(lane, visitor)).rejects.toMatchObject({ code: 'platform_copy_missing' })
  })

  it('a name is asked, told encrypted after a yes of its own, and seen by the gate alone', async () => {
    const guest = await ground.visitor({ types: ['network-certificate'] })
    expect(await guest.wallet.list()).toMatchObject([{ vct: NETWORK_CERTIFICATE }])
    const lane = await openWish({ kind: 'name' })
    withoutNetwork()
    const asked: string[] = []
    const answered = await guest.wallet.answerGate({
      challenge: await lane.challenge(),
      consent({ state }) {
        asked.push(state)
        return 'share'
      },
    })
    expect(asked).toEqual(['needs_identity_consent', 'ready'])
    expect(answered.encrypted).toBe(true)
    expect(await lane.gate.judge(answered.text)).toMatchObject({
      ...{ colour: 'green', identity: { family_name: expect.any(String) } },
    })
  })

  it('a phone whose clock is a year off, either way, opens it all the same, and says so', async () => {
    for (const days of [-365, 365]) {
      const visitor = await ground.visitor()
      const lane = await openWish()
      visitor.clock.later(days * 86_400)
      const { text, clocks } = await visitor.wallet.answerGate({
        challenge: await lane.challenge(),
        consent: () => 'share',
      })
      expect(clocks?.own).toEqual(visitor.clock.now)
      expect(await lane.gate.judge(text)).toMatchObject({ colour: 'green', code: 'entered' })
    }
  })

  it('an answer to a challenge of ten minutes ago opens nothing, whatever the phone thinks', async () => {
    const visitor = await ground.visitor()
    const lane = await openWish()
    withoutNetwork()
    const challenge = await lane.challenge()
    lane.clock.later(600)
    const { text } = await visitor.wallet.answerGate({ challenge, consent: () => 'share' })
    expect(await lane.gate.judge(text)).toMatchObject({ colour: 'red', entry: null })
    expect(await pass(lane, visitor)).toMatchObject({ colour: 'green' })
  })

  it('a poster is answered with a nonce of the phone’s own where the lane takes that', async () => {
    const visitor = await ground.visitor()
    const lane = await openWish({ changes: { poster: true } })
    withoutNetwork()
    const challenge = await lane.gate.poster()
    const { text } = await visitor.wallet.answerGate({ challenge, consent: () => 'share' })
    expect(await lane.gate.judge(text)).toMatchObject({ code: 'entered', by: 'poster' })
    const strict = await openWish()
    expect(await strict.gate.judge(text)).toMatchObject({ colour: 'red', code: 'poster_not_here' })
  })

  it('who says no is not let in, and the gate hears nothing', async () => {
    const visitor = await ground.visitor()
    const lane = await openWish()
    withoutNetwork()
    const challenge = await lane.challenge()
    const refused = visitor.wallet.answerGate({ challenge, consent: () => 'refuse' })
    await expect(refused).rejects.toMatchObject({ code: 'consent_refused' })
    expect(await left(visitor)).toBe(8)
    expect(await lane.ledger.entries()).toEqual([])
  })
})
