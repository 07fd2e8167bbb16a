import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { root } from './architecture/source-file.js'

/** A block that stands under `<!-- runs -->` is run as it stands: for real, against the build. */
const runnable = /<!-- runs -->\n```(sh|ts)\n([\s\S]*?)```/g
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const examples = [...readme.matchAll(runnable)].map(([, language = '', code = '']) => ({
  language,
  code,
  title: code.split('\n', 1)[0],
}))

let folder = ''

beforeAll(() => {
  // Inside the repository, where `npx netcert` and `@netcert/…` are found as the README says. The
  // examples share it: one may go on with what the one before it made.
  mkdirSync(join(root, '.set-up'), { recursive: true })
  folder = mkdtempSync(join(root, '.set-up', 'readme-'))
})

afterAll(() => rmSync(folder, { recursive: true }))

function run(program: string, words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(program, words, { cwd: folder, encoding: 'utf8' })
  return { status, output: `${stdout}${stderr}` }
}

function runShell(code: string) {
  writeFileSync(join(folder, 'example.sh'), code)
  return run('bash', ['-euo', 'pipefail', 'example.sh'])
}

/** Checked against the published types, then run: an example that no longer compiles is wrong, too. */
function runTypeScript(code: string) {
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, 'example.ts'), code)
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const settings =
    '--ignoreConfig --strict --skipLibCheck --module nodenext --target es2023 --types node'
  const checked = run(process.execPath, [compiler, ...settings.split(' '), 'example.ts'])
  return checked.status === 0 ? run(process.execPath, ['example.js']) : checked
}

describe('README examples', () => {
  test('are there', () => {
    expect(examples.map(({ language }) => language)).toContain('sh')
  })

  test.each(examples)('run: $title', { timeout: 120_000 }, ({ language, code }) => {
    const { status, output } = language === 'sh' ? runShell(code) : runTypeScript(code)
    expect(status, output).toBe(0)
  })
})
