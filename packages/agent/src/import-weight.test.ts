import { describe, expect, it } from 'vitest'
import {
  codeOf,
  importsOf,
  reachableFrom,
  readRepository,
} from '../../../test/architecture/source-file.js'

const files = new Map(readRepository().map((file) => [file.path, file]))

/** Packages loaded at once by importing `start`; `import()` and types load nothing. */
function loadedBy(start: string): string[] {
  const paths = [...reachableFrom(start, files)]
  const names = paths.flatMap((path) => {
    const code = codeOf(files.get(path)?.text ?? '').replaceAll(/\bawait import\([^)]*\)/g, '')
    return importsOf(code)
      .filter((one) => !one.isTypeOnly)
      .map((one) => one.name)
  })
  return [...new Set(names)]
}

describe('importing the agent package', () => {
  it('does not load Veramo, which costs half a second', () => {
    const loaded = loadedBy('packages/agent/src/index.ts')
    expect(loaded).toContain('kysely')
    expect(loaded.filter((name) => name.startsWith('@veramo/'))).toEqual([])
  })

  it('loads Veramo only from its own entry', () => {
    const loaded = loadedBy('packages/agent/src/veramo.ts')
    expect(loaded).toContain('@veramo/core')
  })
})
