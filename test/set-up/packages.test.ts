import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { packagesAreInstalled } from '../../scripts/set-up/packages.js'

let root = ''
let state = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'netcert-packages-'))
  state = join(root, 'state')
  mkdirSync(state)
  writeLock('package-lock.json', { left: '1.0.0', right: '2.0.0' })
  install({ left: '1.0.0', right: '2.0.0' })
})

afterEach(() => rmSync(root, { recursive: true }))

function writeLock(file: string, versions: Record<string, string>, optional: string[] = []) {
  const entries = Object.entries(versions).map(([name, version]) => [
    `node_modules/${name}`,
    { version, ...(optional.includes(name) && { optional: true }) },
  ])
  writeFileSync(join(root, file), JSON.stringify({ packages: Object.fromEntries(entries) }))
}

function install(versions: Record<string, string>) {
  for (const name of Object.keys(versions)) {
    mkdirSync(join(root, 'node_modules', name), { recursive: true })
    writeFileSync(join(root, 'node_modules', name, 'package.json'), '{}')
  }
  writeLock('node_modules/.package-lock.json', versions)
}

test('takes an install that agrees with the lock as complete', () => {
  expect(packagesAreInstalled({ root, state })).toBe(true)
})

test('does without an optional package that npm left out for another system', () => {
  writeLock('package-lock.json', { left: '1.0.0', right: '2.0.0', windows: '3.0.0' }, ['windows'])
  expect(packagesAreInstalled({ root, state })).toBe(true)
})

test('installs again when node_modules is missing', () => {
  rmSync(join(root, 'node_modules'), { recursive: true })
  expect(packagesAreInstalled({ root, state })).toBe(false)
})

test('installs again when the lock names another version', () => {
  writeLock('package-lock.json', { left: '1.0.1', right: '2.0.0' })
  expect(packagesAreInstalled({ root, state })).toBe(false)
})

test('installs again when the lock has a package more, or one less', () => {
  writeLock('package-lock.json', { left: '1.0.0', right: '2.0.0', third: '1.0.0' })
  expect(packagesAreInstalled({ root, state })).toBe(false)
  writeLock('package-lock.json', { left: '1.0.0' })
  expect(packagesAreInstalled({ root, state })).toBe(false)
})

test('installs again when npm was killed on the way', () => {
  writeFileSync(join(state, 'installing'), '')
  expect(packagesAreInstalled({ root, state })).toBe(false)
})

test('installs again when a package lost its folder', () => {
  rmSync(join(root, 'node_modules', 'right'), { recursive: true })
  expect(packagesAreInstalled({ root, state })).toBe(false)
})
