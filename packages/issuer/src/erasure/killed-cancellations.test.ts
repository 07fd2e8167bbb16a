import { expect, it } from 'vitest'
import { killCancellations } from '../../../../test/cancellation-kills.js'
import { databasesOn } from '../../../../test/database-engines.js'

const databases = databasesOn('sqlite')
const TRIALS = 4

it('leaves everybody wholly there or wholly gone when it is killed, and their receipts good', async () => {
  const { wrong, there, gone } = await killCancellations(databases, {
    trials: TRIALS,
    citizens: 40,
  })
  expect(wrong).toEqual([])
  expect(there + gone).toBe(3 * TRIALS)
}, 60_000)
