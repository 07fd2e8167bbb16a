import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')

describe.each(['credential', 'protocol', 'verifier'])('the packed %s package', (name) => {
  const folder = join(root, 'packages', name)
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    exports: Record<string, string | { node: string | { default: string } }>
  }
  // A door that is a plain file, such as a script for browsers, is handed out as it stands.
  const doors = Object.values(exports).flatMap((door) => {
    if (typeof door === 'string') return []
    return join(folder, typeof door.node === 'string' ? door.node : door.node.default)
  })

  it('has a file for every export', () => {
    expect(doors.filter((file) => !existsSync(file))).toEqual([])
  })

  it('was packed after the last compile: build with `npm run build`, not with tsc alone', () => {
    const compiled = statSync(join(folder, 'dist', '.tsbuildinfo')).mtimeMs
    expect(Math.min(...doors.map((file) => statSync(file).mtimeMs))).toBeGreaterThanOrEqual(
      compiled,
    )
  })
})

it('errors of one package are equal through every door', () => {
  const program = `
    import { CredentialError } from '@netcert/credential'
    import { inspectCredential } from '@netcert/credential/holder'
    import { importVerifyingKey } from '@netcert/credential/crypto'
    const off = { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) }
    const failures = [() => inspectCredential('x'), async () => importVerifyingKey(off)]
    for (const fail of failures) {
      const error = await fail().then(() => undefined, (reason) => reason)
      console.log(error instanceof CredentialError)
    }`
  const words = ['--input-type=module', '--eval', program]
  const cwd = join(root, 'packages', 'verifier')
  expect(execFileSync(process.execPath, words, { cwd, encoding: 'utf8' })).toBe('true\ntrue\n')
})
