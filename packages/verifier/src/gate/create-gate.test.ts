import { type GateCode, type GateColour, gateCodes, gateSentence } from '@netcert/verifier/gate'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  answerTo,
  type LaneGround,
  laneGround,
  readChallenge,
} from '../../../../test/lane-ground.js'
import { later, testNow } from '../../../../test/trust-domain.js'

let ground: LaneGround
beforeAll(async () => {
  ground = await laneGround()
})

const told = (colour: GateColour, code: GateCode) => ({ colour, code })

describe('a fact gate', () => {
  test('lets a visitor in on a challenge, and says what it rests on', async () => {
    const { gate } = await ground.open()
    const { text, validUntil } = await gate.challenge()
    expect(validUntil).toEqual(later(15))
    const verdict = await gate.judge(await answerTo(text, await ground.visitor()))
    expect(verdict).toMatchObject({
      ...told('green', 'entered'),
      ...{ facts: { age_over_18: true, real_person: 'document+face' }, assurance: 'document+face' },
      ...{ entry: 1, by: 'challenge', at: ground.clock.now, repeated: false, detail: null },
      freshness: { verdict: 'valid' },
      lists: { asOf: testNow, ageSeconds: 0 },
    })
    expect(verdict.sentence.en).toBe('Let in.')
    expect(gate.counts()).toMatchObject({ total: { green: 1, amber: 0, red: 0 }, entries: 1 })
  })

  test('asks in its own name, with the accreditation by value and no address', async () => {
    const { gate, settings } = await ground.open()
    const payload = readChallenge((await gate.challenge()).text)
    expect(payload).toMatchObject({
      response_type: 'vp_token',
      response_mode: 'netcert_qr',
      client_id: settings.clientId,
      verifier_info: [{ format: 'registration_cert', data: settings.accreditation }],
      exp: testNow.getTime() / 1000 + 90,
    })
    expect(payload).not.toHaveProperty('response_uri')
    expect(payload.nonce).toMatch(/^[\w-]{22}$/)
  })

  test('gives the frames of a camera that sees the same code one verdict', async () => {
    const gateGround = await laneGround()
    const { gate, ledger } = await gateGround.open()
    const code = await answerTo((await gate.challenge()).text, await gateGround.visitor())
    const [first, ...frames] = await Promise.all([code, code, code].map((one) => gate.judge(one)))
    expect(first).toMatchObject({ ...told('green', 'entered'), repeated: false })
    gateGround.clock.later(1)
    frames.push(await gate.judge(code))
    for (const frame of frames) {
      expect(frame).toMatchObject({ ...told('green', 'entered'), entry: 1, repeated: true })
    }
    expect((await ledger.head()).number).toBe(1)
    expect(gate.counts().total).toEqual({ green: 1, amber: 0, red: 0 })
    // Gone from the camera for longer than a hand shakes, it is a code that was used.
    gateGround.clock.later(2)
    expect(await gate.judge(code)).toMatchObject({ ...told('red', 'code_used'), repeated: false })
  })

  test('does not take a code for new because it is held there for long', async () => {
    const gateGround = await laneGround()
    const { gate } = await gateGround.open()
    const code = await answerTo((await gate.challenge()).text, await gateGround.visitor())
    await gate.judge(code)
    const seen: string[] = []
    for (let second = 1; second <= 11; second += 1) {
      gateGround.clock.later(1)
      seen.push((await gate.judge(code)).code)
    }
    expect(seen.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 'entered'))
    expect(seen[10]).toBe('code_used')
  })

  test('refuses the same pass on a new challenge, and says where it was', async () => {
    const own = await laneGround()
    const { gate } = await own.open()
    const pass = await own.visitor()
    await gate.judge(await answerTo((await gate.challenge()).text, pass))
    own.clock.later(15)
    const { text } = await gate.challenge()
    expect(await gate.judge(await answerTo(text, pass))).toMatchObject({
      ...told('red', 'pass_used'),
      before: { at: testNow, gate: 'north', lane: 'n1' },
      ...{ entry: null, facts: {} },
    })
  })

  test('lets nobody in whose entry is not in the ledger', async () => {
    const faults: unknown[] = []
    const { ledger } = await ground.open()
    const full = new Error('no space')
    const broken = Object.assign(ledger, { enter: () => Promise.reject(full) })
    const { gate } = await ground.open({ on: broken, onFault: (error) => faults.push(error) })
    const code = await answerTo((await gate.challenge()).text, await ground.visitor())
    for (let count = 0; count < 2; count += 1) {
      const verdict = await gate.judge(code)
      expect(verdict).toMatchObject({ ...told('red', 'gate_failed'), repeated: false, facts: {} })
    }
    expect(faults).toEqual([full, full])
  })
})

describe('the challenge of a lane', () => {
  test('changes with each epoch, and six epochs are taken', async () => {
    const own = await laneGround()
    const { gate } = await own.open()
    const { text } = await gate.challenge()
    expect((await gate.challenge()).text).toBe(text)
    own.clock.later(15)
    expect((await gate.challenge()).text).not.toBe(text)
    own.clock.later(5 * 15)
    const late = { issuedAt: own.clock.now }
    expect(await gate.judge(await answerTo(text, await own.visitor(), late))).toMatchObject(
      told('red', 'nonce_late'),
    )
    const five = await (await own.open()).gate.challenge()
    own.clock.later(5 * 15 - 1)
    const other = await own.open()
    expect(await other.gate.judge(await answerTo(five.text, await own.visitor()))).toMatchObject(
      told('red', 'nonce_unknown'),
    )
  })

  test('is still answered by the sixth epoch, and after a restart of the gate', async () => {
    const own = await laneGround()
    const settings = await own.settings()
    const { laneSecret } = settings
    const { text } = await (await own.open({ laneSecret })).gate.challenge()
    own.clock.later(5 * 15)
    const { gate } = await own.open({ laneSecret })
    expect(await gate.judge(await answerTo(text, await own.visitor()))).toMatchObject(
      told('green', 'entered'),
    )
  })

  test('does not mind the visitor’s clock, whose error may be a year', async () => {
    const { gate } = await ground.open()
    for (const seconds of [-366 * 86_400, 366 * 86_400]) {
      const { text } = await gate.challenge()
      const code = await answerTo(text, await ground.visitor(), { issuedAt: later(seconds) })
      expect(await gate.judge(code)).toMatchObject(told('green', 'entered'))
    }
  })

  test('opens for one entry where the lane rotates on each', async () => {
    const { gate } = await ground.open({ rotate: 'entry' })
    const { text } = await gate.challenge()
    const [one, other] = [await ground.visitor(), await ground.visitor()]
    expect(await gate.judge(await answerTo(text, one))).toMatchObject(told('green', 'entered'))
    expect((await gate.challenge()).text).not.toBe(text)
    expect(await gate.judge(await answerTo(text, other))).toMatchObject(told('red', 'nonce_late'))
    const next = (await gate.challenge()).text
    expect(await gate.judge(await answerTo(next, other))).toMatchObject({ entry: 2 })
  })

  test('is not shown when wallets would refuse it, nor after the event', async () => {
    const own = await laneGround()
    const ended = await own.open({ accreditation: { expiresAt: later(60) } })
    await ended.gate.challenge()
    own.clock.later(61)
    await expect(ended.gate.challenge()).rejects.toMatchObject({ code: 'accreditation_expired' })
    const { gate } = await own.open()
    own.clock.now = later(6 * 3600)
    await expect(gate.challenge()).rejects.toMatchObject({ code: 'gate_closed' })
    expect(await gate.judge('NC1:X')).toMatchObject(told('red', 'event_over'))
  })
})

test('every code has a colour and a sentence in both languages, none of them twice', () => {
  const sentences = gateCodes.map((code) => gateSentence(code))
  for (const sentence of sentences) {
    expect(sentence['zh-CN']).toMatch(/[\u4e00-\u9fff].*。$/)
    expect(sentence.en).toMatch(/^[A-Z].*\.$/)
  }
  expect(new Set(sentences.map(({ en }) => en)).size).toBe(gateCodes.length)
  expect(new Set(sentences.map((one) => one['zh-CN'])).size).toBe(gateCodes.length)
})
