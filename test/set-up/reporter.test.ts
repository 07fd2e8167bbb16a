import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { root } from '../architecture/source-file.js'

let folder = ''

beforeEach(() => {
  // Inside the repository, since vitest is found from there.
  folder = mkdtempSync(join(root, 'node_modules', '.reporter-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

/** Runs a test file of its own with the reporter and returns what stands last. */
function linesOf(tests: string, settings = ''): { lines: string[]; code: number | null } {
  writeFileSync(join(folder, 'it.spec.js'), `import { expect, test } from 'vitest'\n${tests}`)
  writeFileSync(
    join(folder, 'vitest.config.js'),
    `export default { test: { include: ['*.spec.js'], reporters: ['default', '${root}/scripts/test-reporter.js'],${settings} } }`,
  )
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const { stdout, status } = spawnSync(process.execPath, [vitest, 'run', '--root', folder], {
    encoding: 'utf8',
  })
  return { lines: stdout.trimEnd().split('\n'), code: status }
}

function lastLineOf(tests: string): { line: string | undefined; code: number | null } {
  const { lines, code } = linesOf(tests)
  return { line: lines.at(-1), code }
}

test('closes with the counts of what passed, failed and was skipped', () => {
  const { line, code } = lastLineOf(`
    test('a', () => {})
    test('b', () => {})
    test('c', () => expect(1).toBe(2))
    test.skip('d', () => {})`)
  expect({ line, code }).toEqual({ line: '2 passed, 1 failed, 1 skipped', code: 1 })
})

test('counts a file that cannot be loaded as a failure', () => {
  const { line, code } = lastLineOf(`throw new Error('broken before the first test')`)
  expect({ line, code }).toEqual({ line: '0 passed, 1 failed, 0 skipped', code: 1 })
})

test('counts an error after the last test as a failure', () => {
  const { line, code } = lastLineOf(`
    test('a', () => { setTimeout(() => { throw new Error('late') }, 1) })
    test('b', () => new Promise((resolve) => setTimeout(resolve, 50)))`)
  expect({ line, code }).toEqual({ line: '2 passed, 1 failed, 0 skipped', code: 1 })
})

test('names what failed, and what passed only when it was run again, before the counts', () => {
  const { lines } = linesOf(
    `
    let tries = 0
    test('late once', () => expect(++tries).toBe(2))
    test('wrong', () => expect(1).toBe(2))
    test('right', () => {})`,
    'retry: 1',
  )
  const named = lines.filter((line) => /^(failed|passed when run again): /.test(line))
  expect(named).toEqual([
    'passed when run again: it.spec.js > late once: expected 1 to be 2 // Object.is equality',
    'failed: it.spec.js > wrong: expected 1 to be 2 // Object.is equality',
  ])
})
