import { expect, it } from 'vitest'
import { killCancellations } from '../../../../test/cancellation-kills.js'
import { buildChildProgram } from '../../../../test/child-program.js'
import { databasesOn } from '../../../../test/database-engines.js'
import { startTestIssuer, temporaryFolder } from '../../../../test/issuer-ground.js'

const databases = databasesOn('sqlite')
const TRIALS = 300

it('leaves everybody wholly there or wholly gone over 300 kills', async () => {
  const folder = await temporaryFolder()
  const issuer = await startTestIssuer({ dir: `${folder.path}/issuer`, databases, citizens: 600 })
  const program = await buildChildProgram('test/issuer-cancel-program.ts')
  const { wrong, there, gone } = await killCancellations(issuer, { program, trials: TRIALS })
  await issuer.close()
  await folder.remove()
  expect(wrong).toEqual([])
  expect(there + gone).toBe(3 * TRIALS)
  // The kills fell into the work, not always before or after it.
  expect(Math.min(there, gone)).toBeGreaterThan(TRIALS / 10)
}, 3_600_000)
