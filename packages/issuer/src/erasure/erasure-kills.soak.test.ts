import { expect, it } from 'vitest'
import { killCancellations } from '../../../../test/cancellation-kills.js'
import { databasesOn } from '../../../../test/database-engines.js'

const databases = databasesOn('sqlite')
const TRIALS = 300

it('leaves everybody wholly there or wholly gone over 300 kills', async () => {
  const { wrong, there, gone } = await killCancellations(databases, {
    trials: TRIALS,
    citizens: 600,
  })
  expect(wrong).toEqual([])
  expect(there + gone).toBe(3 * TRIALS)
  // The kills fell into the work, not always before or after it.
  expect(Math.min(there, gone)).toBeGreaterThan(TRIALS / 10)
}, 3_600_000)
