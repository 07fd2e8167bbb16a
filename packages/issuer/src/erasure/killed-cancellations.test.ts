import { expect, it } from 'vitest'
import { killCancellations } from '../../../../test/cancellation-kills.js'
import { buildChildProgram } from '../../../../test/child-program.js'
import { databasesOn } from '../../../../test/database-engines.js'
import { startTestIssuer, temporaryFolder } from '../../../../test/issuer-ground.js'

const databases = databasesOn('sqlite')
const TRIALS = 4

it('leaves everybody wholly there or wholly gone when it is killed, and their receipts good', async () => {
  const folder = await temporaryFolder()
  const issuer = await startTestIssuer({ dir: `${folder.path}/issuer`, databases, citizens: 40 })
  const program = await buildChildProgram('test/issuer-cancel-program.ts')
  const { wrong, there, gone } = await killCancellations(issuer, { program, trials: TRIALS })
  await issuer.close()
  await folder.remove()
  expect(wrong).toEqual([])
  expect(there + gone).toBe(3 * TRIALS)
}, 60_000)
