import { expect, test } from 'vitest'
import { decodeBase64Url } from './base64url.js'
import { createDecoyDigest, createSalt } from './salt.js'

test('a salt is canonical base64url of 16 octets, over many draws', () => {
  for (let count = 0; count < 500; count += 1) {
    expect(decodeBase64Url(createSalt())).toHaveLength(16)
  }
})

test('a decoy has the form of a SHA-256 digest and comes once', () => {
  const decoys = Array.from({ length: 500 }, createDecoyDigest)
  for (const decoy of decoys) expect(decodeBase64Url(decoy)).toHaveLength(32)
  expect(new Set(decoys).size).toBe(decoys.length)
})

test('no salt is given twice', () => {
  const salts = Array.from({ length: 10_000 }, createSalt)
  expect(new Set(salts).size).toBe(salts.length)
})

test('every bit of a salt is random', () => {
  const ones = new Array<number>(128).fill(0)
  for (let count = 0; count < 2_000; count += 1) {
    const bytes = decodeBase64Url(createSalt())
    for (let bit = 0; bit < 128; bit += 1) {
      ones[bit] = (ones[bit] ?? 0) + (((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1)
    }
  }
  // 1,000 expected with a standard deviation of 22: nine of them are never reached by chance.
  for (const count of ones) expect(Math.abs(count - 1_000)).toBeLessThan(200)
})
