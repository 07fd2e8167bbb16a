import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { codeOf, importsOf } from '../../../test/architecture/source-file.js'

const packages = fileURLToPath(new URL('../..', import.meta.url))

type Exports = Record<string, string | Record<string, unknown>>

/** The source behind `@netcert/<name>[/<subpath>]` as a browser would resolve it. */
function sourceOf(specifier: string): string {
  const [, name = '', ...rest] = specifier.split('/')
  const folder = name === 'schemas' ? join(packages, '..', 'schemas') : join(packages, name)
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    exports: Exports
  }
  const entry = exports[['.', ...rest].join('/')]
  return join(folder, pick(entry))
}

function pick(entry: unknown): string {
  if (typeof entry === 'string') return entry
  const conditions = entry as Record<string, unknown>
  return pick(conditions['source'] ?? conditions['default'])
}

/** Everything that loading a source file brings along: files of ours, and packages of others. */
function loadedBy(start: string): { files: Set<string>; foreign: Set<string> } {
  const files = new Set<string>()
  const foreign = new Set<string>()
  const waiting = [start]
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (files.has(file) || !existsSync(file) || file.endsWith('.json')) continue
    files.add(file)
    for (const { name, isTypeOnly } of importsOf(codeOf(readFileSync(file, 'utf8')))) {
      if (isTypeOnly) continue
      if (name.startsWith('@netcert/')) waiting.push(sourceOf(name))
      else if (name.startsWith('.')) waiting.push(join(dirname(file), name.replace(/\.js$/, '.ts')))
      else
        foreign.add(
          name
            .split('/')
            .slice(0, name.startsWith('@') ? 2 : 1)
            .join('/'),
        )
    }
  }
  return { files, foreign }
}

const src = (name: string) => join(packages, 'verifier', 'src', name)

describe('a platform that only verifies', () => {
  it('loads our format and the curves, nothing of the operating system and no database', () => {
    const { files, foreign } = loadedBy(src('index.ts'))
    expect([...foreign].toSorted()).toEqual(['@noble/curves', '@noble/hashes', 'fflate'])
    expect([...files].filter((file) => /packages.(agent|issuer|wallet)/.test(file))).toEqual([])
    expect(files.size).toBeGreaterThan(20)
  })

  it('loads the curve of platform numbers only where a platform is configured', () => {
    const numbers = (entry: string) =>
      [...loadedBy(src(entry)).files].filter((file) =>
        /(platform-number|blind-point).ts$/.test(file),
      )
    for (const entry of ['index.ts', 'published-lists.ts']) expect(numbers(entry)).toEqual([])
    expect(numbers('accreditations.ts')).toHaveLength(2)
  })

  it('reads published lists with nothing but Node in addition', () => {
    const { foreign } = loadedBy(src('published-lists.ts'))
    const others = [...foreign].filter((name) => !name.startsWith('node:')).toSorted()
    expect(others).toEqual(['@noble/curves', '@noble/hashes', 'fflate'])
  })

  it('installs nothing that has to be compiled: what needs it is an optional peer', () => {
    const { dependencies, peerDependencies, peerDependenciesMeta } = JSON.parse(
      readFileSync(join(packages, 'verifier', 'package.json'), 'utf8'),
    ) as Record<string, Record<string, unknown>>
    expect(Object.keys(dependencies ?? {}).toSorted()).toEqual([
      '@netcert/credential',
      '@netcert/protocol',
    ])
    for (const name of Object.keys(peerDependencies ?? {})) {
      expect(peerDependenciesMeta?.[name]).toEqual({ optional: true })
    }
  })

  it('pays for the database and the server only where it asks for them', () => {
    expect([...loadedBy(src('open.ts')).foreign]).toEqual(
      expect.arrayContaining(['kysely', 'sqlite3', 'pg']),
    )
    expect([...loadedBy(src('http.ts')).foreign]).toContain('express')
  })
})
