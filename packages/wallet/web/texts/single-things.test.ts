import { expect, it } from 'vitest'
import { historyTexts } from './history.js'
import { presentTexts } from './present.js'
import { receiveTexts } from './receive.js'

it('speaks of one thing as of one, and of several as of several', () => {
  expect([historyTexts.en.whole('1'), historyTexts.en.whole('12')]).toEqual([
    'The history is whole: one line.',
    'The history is whole: 12 lines.',
  ])
  expect(presentTexts.en.copiesLeft(1)).toMatch(/^One of these is left/)
  expect(presentTexts.en.copiesLeft(7)).toMatch(/^7 of these are left/)
  const copies = receiveTexts.en.copies['one-time']
  expect([copies('Gate pass', 1), copies('Gate pass', 8)]).toEqual([
    'Gate pass, one copy for one use',
    'Gate pass, 8 copies for one use each',
  ])
})
