import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { codeOf, importsOf } from '../../../test/architecture/source-file.js'

/** Packages that a source file brings along, through the files of this folder that it imports. */
function packagesBehind(file: string, seen = new Set<string>()): ReadonlySet<string> {
  const packages = new Set<string>()
  if (seen.has(file)) return packages
  seen.add(file)
  const text = readFileSync(new URL(`./${file}`, import.meta.url), 'utf8')
  for (const { name, isTypeOnly } of importsOf(codeOf(text))) {
    if (isTypeOnly) continue
    if (!name.startsWith('.')) packages.add(name)
    else {
      const next = join(dirname(file), name).replace(/\.js$/, '.ts')
      for (const found of packagesBehind(next, seen)) packages.add(found)
    }
  }
  return packages
}

describe('what a platform that only verifies imports', () => {
  it.each(['dcql.ts', 'minimum-necessity.ts'])('%s brings nothing but the format along', (file) => {
    expect([...packagesBehind(file)]).toEqual(['@netcert/credential'])
  })

  it('a pack brings the format and its crypto along, and no schemas', () => {
    expect([...packagesBehind('offline-pack/offline-pack.ts')].toSorted()).toEqual([
      '@netcert/credential',
      '@netcert/credential/crypto',
    ])
  })

  it('is told from what brings schemas along', () => {
    expect([...packagesBehind('accreditation.ts')]).toContain('zod')
  })
})
