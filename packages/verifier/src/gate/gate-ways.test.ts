import type { GateCode, GateColour } from '@netcert/verifier/gate'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  answerTo,
  identityQuery,
  type LaneGround,
  laneGround,
  passClaims,
  readChallenge,
  selfMade,
} from '../../../../test/lane-ground.js'
import { later, testNow } from '../../../../test/trust-domain.js'

let ground: LaneGround
beforeAll(async () => {
  ground = await laneGround()
})

const told = (colour: GateColour, code: GateCode) => ({ colour, code })

describe('identity', () => {
  test('is asked for under a fresh key each epoch, and shown to be looked at', async () => {
    const own = await laneGround()
    const { gate } = await own.open({ query: identityQuery })
    const { text } = await gate.challenge()
    expect(readChallenge(text)).toMatchObject({ response_mode: 'netcert_qr.jwt' })
    const keyOf = (challenge: string) => JSON.stringify(readChallenge(challenge)['client_metadata'])
    const holder = await own.visitor()
    const pass = { ...holder, credential: await own.domain.mint({ jwk: holder.holder.jwk }) }
    const paths = [['family_name'], ['real_person']]
    const verdict = await gate.judge(await answerTo(text, pass, { paths }))
    expect(verdict).toMatchObject({
      ...told('green', 'entered'),
      identity: { family_name: 'Beispiel' },
      facts: { real_person: 'document+face' },
    })
    own.clock.later(15)
    expect(keyOf((await gate.challenge()).text)).not.toBe(keyOf(text))
  })

  test('is refused in clear, or under a key that is over', async () => {
    const own = await laneGround()
    const { gate } = await own.open({ query: identityQuery })
    const { text } = await gate.challenge()
    const holder = await own.visitor()
    const pass = { ...holder, credential: await own.domain.mint({ jwk: holder.holder.jwk }) }
    const shown = { paths: [['family_name'], ['real_person']] }
    const clear = await answerTo(text, pass, { ...shown, encrypted: false })
    expect(await gate.judge(clear)).toMatchObject(told('red', 'answer_not_encrypted'))
    const late = await answerTo(text, pass, shown)
    own.clock.later(6 * 15)
    await gate.challenge()
    expect(await gate.judge(late)).toMatchObject(told('red', 'answer_unopened'))
    expect(JSON.stringify(await gate.judge(clear))).not.toContain('Beispiel')
  })
})

describe('printed challenges and passes', () => {
  test('are taken where the lane takes them, each once', async () => {
    const { gate } = await ground.open({ poster: true, paper: true })
    const text = await gate.poster()
    expect(readChallenge(text)).toMatchObject({ netcert_nonce: 'self-made' })
    for (const [by, verdict] of [
      ['poster', told('green', 'entered')],
      ['paper', told('amber', 'entered_paper')],
    ] as const) {
      const pass = await ground.visitor()
      const code = await answerTo(text, pass, { nonce: selfMade(by), carried: true })
      expect(await gate.judge(code)).toMatchObject({ ...verdict, by })
      const again = await answerTo(text, pass, { nonce: selfMade(by), carried: true })
      expect(await gate.judge(again)).toMatchObject({ ...told('red', 'pass_used'), by })
    }
  })

  test('are refused where the lane does not take them', async () => {
    const { gate } = await ground.open()
    await expect(gate.poster()).rejects.toMatchObject({ code: 'lane_invalid' })
    const { text } = await gate.challenge()
    const shown = async (nonce: string) =>
      gate.judge(await answerTo(text, await ground.visitor(), { nonce, carried: true }))
    expect(await shown(selfMade('poster'))).toMatchObject(told('red', 'poster_not_here'))
    expect(await shown(selfMade('paper'))).toMatchObject(told('red', 'paper_not_here'))
    expect(await shown('paper.short')).toMatchObject(told('red', 'nonce_unknown'))
    expect(await shown('A'.repeat(22))).toMatchObject(told('red', 'nonce_unknown'))
  })

  test('count a poster’s answer for 60 seconds, and paper for as long as its pass', async () => {
    const { gate } = await ground.open({ poster: true, paper: true })
    const text = await gate.poster()
    const shown = async (by: 'poster' | 'paper', seconds: number, pass = ground.visitor()) => {
      const changes = { nonce: selfMade(by), carried: true, issuedAt: later(seconds) }
      return gate.judge(await answerTo(text, await pass, changes))
    }
    expect(await shown('poster', -60)).toMatchObject(told('green', 'entered'))
    expect(await shown('poster', -61)).toMatchObject(told('red', 'poster_late'))
    expect(await shown('poster', 61)).toMatchObject(told('red', 'poster_late'))
    expect(await shown('paper', -80_000)).toMatchObject(told('amber', 'entered_paper'))
    const over = ground.visitor(passClaims, { expiresAt: testNow })
    expect(await shown('paper', -80_000, over)).toMatchObject(told('red', 'pass_expired'))
  })
})
