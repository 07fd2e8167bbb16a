import { expect, test } from 'vitest'
import { answerTo, laneGround } from '../../../../test/lane-ground.js'

test('lets a visitor in', async () => {
  const ground = await laneGround()
  const { gate } = await ground.open()
  const { text } = await gate.challenge()
  const verdict = await gate.judge(await answerTo(text, await ground.visitor()))
  expect(verdict).toMatchObject({ colour: 'green', code: 'entered', entry: 1 })
})
