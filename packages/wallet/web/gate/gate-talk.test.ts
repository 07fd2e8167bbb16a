import type { Signal } from '@preact/signals'
import { describe, expect, it } from 'vitest'
import { gateWalletGround } from '../../../../test/gate-wallet-ground.js'
import { type GateStage, takeUpChallenge } from './gate-talk.js'

const gate = gateWalletGround({ passes: 3 })
const left = async () => (await gate.wallet.list()).map(({ remaining }) => remaining)
const start = (challenge: string) =>
  takeUpChallenge({ wallet: gate.wallet, clock: () => gate.ground.now, challenge })

/** The stage of this name, once it is come to. */
function reached<Name extends GateStage['name']>(talk: Signal<GateStage>, name: Name) {
  return new Promise<Extract<GateStage, { name: Name }>>((resolve, reject) => {
    const stop = talk.subscribe((stage) => {
      if (stage.name === name) resolve(stage as Extract<GateStage, { name: Name }>)
      else if (stage.name === 'failed')
        reject(stage.error instanceof Error ? stage.error : new TypeError('no error'))
      else return
      queueMicrotask(() => stop())
    })
  })
}

async function enter(challenge: string) {
  const talk = start(challenge)
  const { answer } = await reached(talk, 'asked')
  answer('share')
  return reached(talk, 'code')
}

const seconds = (count: number) => {
  gate.ground.now = new Date(gate.ground.now.getTime() + count * 1000)
}

describe('the way from a challenge to a code', () => {
  it('leads back to the same code for the same challenge while it is good, and uses nothing', async () => {
    const challenge = await gate.challenge()
    const { code, isAgain } = await enter(challenge)
    expect(isAgain).toBe(false)
    expect(start(challenge).value).toEqual({ name: 'code', code, isAgain: true })
    expect(await left()).toEqual([2])
  })

  it('asks anew once that code is over, and says that another copy was used here just now', async () => {
    const challenge = await gate.challenge()
    await enter(challenge)
    seconds(76)
    const { before } = await reached(start(challenge), 'asked')
    expect(before).toMatchObject({ code: null })
    expect(await left()).toEqual([2])
    seconds(600)
    expect((await reached(start(await gate.challenge()), 'asked')).before).toBeNull()
  })

  it('offers the code of before to another challenge of the same venue', async () => {
    const { code } = await enter(await gate.challenge())
    const talk = start(await gate.challenge({ changes: { nonce: 'b3RoZXItbGFuZS1vdGhlcg' } }))
    const { before, showBefore } = await reached(talk, 'asked')
    expect(before?.code).toBe(code)
    showBefore(code)
    expect(talk.value).toEqual({ name: 'code', code, isAgain: true })
    expect(await left()).toEqual([2])
  })

  it('ends with nothing used when the citizen says no, or the gate has moved on meanwhile', async () => {
    for (const [decision, end] of [
      ['refuse', 'declined'],
      ['late', 'late'],
    ] as const) {
      const talk = start(await gate.challenge())
      const { answer } = await reached(talk, 'asked')
      answer(decision)
      await reached(talk, end)
    }
    expect(await left()).toEqual([3])
    expect(await gate.wallet.ledger()).toEqual([])
  })

  it('shows who asked for too much, and why there is no code', async () => {
    const talk = start(await gate.challenge({ claims: [{ path: ['age_over_60'] }] }))
    await expect(reached(talk, 'asked')).rejects.toMatchObject({ code: 'claim_uncovered' })
    expect(talk.value).toMatchObject({
      preview: { state: 'claim_uncovered', verifier: { accredited: {} } },
    })
  })

  it('says that passes are used up, rather than that nobody agreed', async () => {
    for (let pass = 0; pass < 3; pass += 1) {
      await enter(await gate.challenge())
      seconds(80)
    }
    const talk = start(await gate.challenge())
    await expect(reached(talk, 'asked')).rejects.toMatchObject({ code: 'copies_used_up' })
  })
})
