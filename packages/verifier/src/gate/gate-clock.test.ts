import { expect, test } from 'vitest'
import { answerTo, laneGround, readChallenge } from '../../../../test/lane-ground.js'
import { later } from '../../../../test/trust-domain.js'

test('a clock set back by more than five minutes is noticed, after a restart too, until it is right', async () => {
  const ground = await laneGround()
  const { gate, ledger } = await ground.open()
  ground.clock.now = later(3_600)
  await gate.challenge()
  for (const at of [gate, (await ground.open({ on: ledger })).gate]) {
    ground.clock.now = later(3_600 - 301)
    await expect(at.challenge()).rejects.toMatchObject({ code: 'gate_clock_back' })
    expect(await at.judge('NC1:A')).toMatchObject({ colour: 'red', code: 'clock_back' })
  }
  ground.clock.now = later(3_600 - 299)
  expect((await gate.challenge()).text).toMatch(/^NCC1:/)
  ground.clock.now = later(60)
  await gate.correctClock()
  expect((await gate.challenge()).text).toMatch(/^NCC1:/)
  const { gate: restarted } = await ground.open({ on: ledger })
  expect((await restarted.challenge()).validUntil).toEqual(later(75))
})

test('a small step back is waited out: no nonce is shown twice', async () => {
  const ground = await laneGround()
  const { gate } = await ground.open()
  ground.clock.now = later(200)
  const { nonce } = readChallenge((await gate.challenge()).text)
  ground.clock.now = later(0)
  expect(readChallenge((await gate.challenge()).text).nonce).toBe(nonce)
})

test('the time is put into the ledger once a minute, and with each entry', async () => {
  const ground = await laneGround()
  const { gate, ledger } = await ground.open()
  await gate.challenge()
  expect((await ledger.head()).seenAt).toEqual(later(0))
  ground.clock.later(30)
  const { text } = await gate.challenge()
  expect((await ledger.head()).seenAt).toEqual(later(0))
  await gate.judge(await answerTo(text, await ground.visitor()))
  expect((await ledger.head()).seenAt).toEqual(later(30))
  ground.clock.later(60)
  await gate.challenge()
  expect((await ledger.head()).seenAt).toEqual(later(90))
})

test('a lane that rotates on each entry goes on after a restart where it was', async () => {
  const ground = await laneGround()
  const { laneSecret } = await ground.settings()
  const lane = { rotate: 'entry', laneSecret } as const
  const { gate, ledger } = await ground.open(lane)
  const first = (await gate.challenge()).text
  await gate.judge(await answerTo(first, await ground.visitor()))
  const { nonce } = readChallenge((await gate.challenge()).text)
  const { gate: restarted } = await ground.open({ ...lane, on: ledger })
  expect(readChallenge((await restarted.challenge()).text).nonce).toBe(nonce)
  expect(await restarted.judge(await answerTo(first, await ground.visitor()))).toMatchObject({
    colour: 'red',
  })
})
