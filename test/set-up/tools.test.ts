import { expect, test } from 'vitest'
import { SetUpError } from '../../scripts/set-up/progress.js'
import { checkNode, hasProgram } from '../../scripts/set-up/tools.js'

test.each(['18.20.4', '20.18.1', '20.9.0'])(
  'refuses Node %s and says which one is needed',
  (version) => {
    expect(() => checkNode(version)).toThrow(SetUpError)
    expect(() => checkNode(version)).toThrow(`this is Node ${version}; netcert needs Node 20.19.0`)
  },
)

test.each(['20.19.0', '20.20.2', '22.1.0', '24.0.0-nightly'])('takes Node %s', (version) => {
  expect(() => checkNode(version)).not.toThrow()
})

test('finds a program that is there and none that is not', () => {
  expect(hasProgram('sh')).toBe(true)
  expect(hasProgram('no-program-of-this-name')).toBe(false)
})
