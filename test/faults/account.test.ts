import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Account } from './src/account.js'
import type { Minted } from './src/lines.js'

const uri = 'http://127.0.0.1/status/1'
let published = ''

beforeEach(() => {
  published = mkdtempSync(join(tmpdir(), 'netcert-account-'))
  mkdirSync(join(published, 'status'))
})

afterEach(() => rmSync(published, { recursive: true }))

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

function minted(batch: string, index: number, citizen = batch, number = `N-${citizen}`): Minted {
  const jwt = `e30.${encode({ status: { status_list: { uri, idx: index } } })}.sig`
  const disclosure = encode(['salt', 'network_number', number])
  return { kind: 'minted', citizen, batch, credential: `${jwt}~${disclosure}~` }
}

/** Publishes a list of 64 entries with two bits each, in which these are revoked. */
function publish(revoked: readonly number[]) {
  const bytes = Buffer.alloc(16)
  for (const index of revoked) bytes[index >> 2]! |= 1 << ((index & 3) * 2)
  const lst = deflateSync(bytes).toString('base64url')
  const token = `e30.${encode({ sub: uri, status_list: { bits: 2, lst } })}.sig`
  writeFileSync(join(published, 'status', '1.jwt'), token)
}

test('finds nothing wrong where everything holds', () => {
  const account = new Account()
  account.enter([minted('a', 5), minted('b', 6), { kind: 'revoked', batch: 'a' }])
  publish([5])
  expect(account.check(published)).toEqual({ lost: [], doubled: [] })
})

test('finds an acknowledged revocation that was lost', () => {
  const account = new Account()
  account.enter([minted('a', 5), { kind: 'revoked', batch: 'a' }])
  publish([])
  expect(account.check(published).lost).toHaveLength(1)
})

test('takes a revocation that was asked for and not acknowledged either way', () => {
  const account = new Account()
  account.enter([minted('a', 5), minted('b', 6)])
  account.ask(['a', 'b'])
  publish([5])
  expect(account.check(published).lost).toEqual([])
})

test('finds a certificate that somebody else’s revocation hit', () => {
  const account = new Account()
  account.enter([minted('a', 5)])
  publish([5])
  expect(account.check(published).lost).toHaveLength(1)
})

test('finds a certificate on a list that is not published', () => {
  const account = new Account()
  account.enter([minted('a', 5)])
  expect(account.check(published).lost).toHaveLength(1)
})

test('finds a place that was given twice', () => {
  const account = new Account()
  account.enter([minted('a', 5), minted('b', 5)])
  publish([])
  expect(account.check(published).doubled).toHaveLength(1)
})

test('finds a citizen with two numbers and two citizens with one', () => {
  const account = new Account()
  account.enter([minted('a', 1, 'citizen-1', 'N-1'), minted('b', 2, 'citizen-1', 'N-2')])
  account.enter([minted('c', 3, 'citizen-2', 'N-1')])
  publish([])
  expect(account.check(published).doubled).toHaveLength(2)
})
