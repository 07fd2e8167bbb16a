import { join } from 'node:path'
import { expect, it } from 'vitest'
import { buildChildProgram, runChildProgram } from '../../../test/child-program.js'
import { temporaryFolder, testClock } from '../../../test/issuer-ground.js'
import { initIssuer } from './open.js'

/** A process of its own: what it once took of memory is not mixed with what the tests take. */
async function importRows(program: string, folder: string, count: number) {
  const dir = join(folder, `issuer-${count}`)
  await initIssuer({ dir, baseUrl: 'https://issuer.example', now: testClock() })
  const { lines, ended } = runChildProgram(program, [dir, String(count)])
  expect(await ended).toBe(0)
  const [rows, accepted, mebibytes] = lines.join('').split(' ').map(Number)
  return { rows, accepted, mebibytes: mebibytes! }
}

it('imports 100,000 citizens in the memory that 10,000 take, and some', {
  timeout: 240_000,
}, async () => {
  const folder = await temporaryFolder()
  const program = await buildChildProgram('test/issuer-import-program.ts')
  const small = await importRows(program, folder.path, 10_000)
  const large = await importRows(program, folder.path, 100_000)
  await folder.remove()
  expect(large).toMatchObject({ rows: 100_000, accepted: 100_000 })
  expect(large.mebibytes).toBeLessThan(small.mebibytes + 60)
})
