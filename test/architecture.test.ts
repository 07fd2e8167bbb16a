import { describe, expect, test } from 'vitest'
import { formBreaches, importBreaches, purityBreaches } from './architecture/rules.js'
import { reachableFrom, readRepository, type SourceFile } from './architecture/source-file.js'

const repository = readRepository()
const byPath = new Map(repository.map((file) => [file.path, file]))
const exempt =
  /\.(test|bench)\.ts$|^packages\/credential\/src\/crypto\/node\.ts$|^packages\/protocol\/src\/guarded-fetch\.ts$/

function pureFiles(): SourceFile[] {
  const doors = ['index', 'gate', 'offline-pack'].map((door) => `packages/verifier/src/${door}.ts`)
  const verifier = new Set(doors.flatMap((door) => [...reachableFrom(door, byPath)]))
  return repository.filter(({ path }) => {
    const isPurePackage = /^packages\/(credential|protocol)\/src\/.*\.ts$/.test(path)
    return (isPurePackage || verifier.has(path)) && !exempt.test(path)
  })
}

/** A page has a clock, chance and requests too: each in one file; the wallet asks issuers by one more. */
const pageSeams = /\/(clock|own-origin|guarded-fetch|service-worker)\.ts$|\.test\.ts$/

function pageFiles(): SourceFile[] {
  const isPage = (path: string) => /^packages\/\w+\/web\/.*\.tsx?$/.test(path)
  return repository.filter(({ path }) => isPage(path) && !pageSeams.test(path))
}

describe('the repository', () => {
  test('imports only what the table in docs/architecture.md allows', () => {
    expect(repository.flatMap(importBreaches)).toEqual([])
  })

  test('keeps credential, protocol and what a verifier needs pure', () => {
    expect(pureFiles().flatMap(purityBreaches)).toEqual([])
  })

  test('keeps the clock of a page in one file', () => {
    expect(pageFiles().length).toBeGreaterThan(20)
    expect(pageFiles().flatMap(purityBreaches)).toEqual([])
  })

  test('keeps its files short, named for a promise, and free of the place they were written in', () => {
    expect(repository.flatMap(formBreaches)).toEqual([])
  })

  test('was read at all: an empty list would pass every rule', () => {
    expect(pureFiles().length).toBeGreaterThan(20)
    expect(byPath.has('packages/verifier/src/index.ts')).toBe(true)
  })
})

describe('each rule catches what it forbids', () => {
  const src = (name: string) => `packages/${name}`
  test.each([
    [src('issuer/src/issuer.ts'), `import { openWallet } from '@netcert/wallet'`],
    [src('issuer/src/issuer.test.ts'), `import { openWallet } from '@netcert/wallet'`],
    [src('wallet/src/wallet.ts'), `import { openDatabase } from '@netcert/agent'`],
    [src('wallet/src/wallet.ts'), `import { sql } from 'kysely'`],
    [src('wallet/src/http-client.ts'), `import express from 'express'`],
    [src('credential/src/issue.ts'), `import { SDJwtInstance } from '@sd-jwt/core'`],
    [src('credential/src/issue.ts'), `import { DidKey } from '@netcert/protocol'`],
    [src('protocol/src/dcql.ts'), `const fs = await import('node:fs')`],
    [src('protocol/src/vci-offer.ts'), `import { request } from 'node:https'`],
    [src('verifier/src/index.ts'), `export { leak } from '../../issuer/src/issuer.js'`],
    [src('verifier/web/page.tsx'), `import { Kysely } from 'kysely'`],
    [src('page/web/page.tsx'), `import { parsePack } from '@netcert/protocol'`],
    ['schemas/index.js', `import { z } from 'zod'`],
  ])('an import in %s: %s', (path, text) => {
    expect(importBreaches({ path, text })).toHaveLength(1)
  })

  test.each([
    `import { readFile } from 'node:fs/promises'`,
    `const list = await fetch(uri)`,
    `const now = new Date()`,
    `const now = Date.now()`,
    `if (process.env.DEBUG) print()`,
    `const salt = Math.random()`,
  ])('an impurity: %s', (text) => {
    expect(purityBreaches({ path: src('credential/src/verify.ts'), text })).toHaveLength(1)
  })

  test.each([
    ['a vague name', src('wallet/src/utils.ts'), ''],
    ['a vague folder', src('wallet/src/common/consent.ts'), ''],
    ['a deep index', src('wallet/src/consent/index.ts'), ''],
    ['export *', src('wallet/src/index.ts'), `export * from './wallet.js'`],
    ['a default export', src('wallet/src/wallet.ts'), 'export default function wallet() {}'],
    ['a bare fetch', src('wallet/src/wallet.ts'), `const answer = await fetch(address)`],
    ['a long file', src('wallet/src/wallet.ts'), 'const one = 1\n'.repeat(251)],
    ['a birthplace', 'docs/operations.md', `see ${['', 'work', 'main'].join('/')}`],
  ])('a form: %s in %s', (_what, path, text) => {
    expect(formBreaches({ path, text })).toHaveLength(1)
  })

  test('and lets a comment name what code may not', () => {
    const file = {
      path: src('credential/src/verify.ts'),
      text: '// never fetch(uri), never new Date()',
    }
    expect([...purityBreaches(file), ...formBreaches(file), ...importBreaches(file)]).toEqual([])
  })
})
