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

describe('importing a package', () => {
  /** Every module that is loaded with a door, beyond those of Node; names of foreign ones as they stand. */
  function loadedWith(file: string, seen = new Set<string>()): Set<string> {
    if (seen.has(file)) return seen
    seen.add(file)
    const text = readFileSync(file, 'utf8')
    for (const [, name = ''] of text.matchAll(/^(?:import|export)\b[^'"]*["']([^'"]+)["']/gm)) {
      if (name.startsWith('.')) loadedWith(join(file, '..', name), seen)
      else if (name.startsWith('@netcert/')) loadedWith(packed(name), seen)
      else seen.add(name)
    }
    return seen
  }
  const packed = (name: string) => {
    const [, folder = '', door = 'index'] = name.split('/')
    return join(root, 'packages', folder, 'dist', 'packed', `${door}.js`)
  }

  it.each(['credential', 'protocol', 'verifier'])('of %s loads no curve', (name) => {
    const loaded = [...loadedWith(packed(`@netcert/${name}`))]
    expect(loaded.filter((one) => one.startsWith('@noble/curves'))).toEqual([])
  })

  it('of platform numbers loads one, so that this would be noticed', () => {
    const loaded = loadedWith(packed('@netcert/credential/platform-number'))
    expect(loaded).toContain('@noble/curves/nist.js')
  })
})
