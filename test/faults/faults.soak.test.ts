import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../architecture/source-file.js'

const program = join(root, 'test', 'faults', 'dist', 'run.js')

test('loses nothing and doubles nothing when killed, doubled, locked or out of disk', {
  timeout: 180_000,
}, () => {
  const { stdout, stderr } = spawnSync(process.execPath, [program, '--trials', '10', '--json'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  })
  expect(stdout, stderr).toMatch(/^\{/)
  const { trials, lost, doubled, slowestRestartSeconds, outcomes } = JSON.parse(stdout)
  expect({ trials, lost, doubled }, JSON.stringify(outcomes, null, 2)).toEqual({
    trials: 10,
    lost: 0,
    doubled: 0,
  })
  expect(slowestRestartSeconds).toBeLessThan(5)
})
