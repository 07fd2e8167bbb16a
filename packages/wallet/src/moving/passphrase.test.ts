import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isStrongPassphrase, suggestPassphrase } from './passphrase.js'

describe('a passphrase', () => {
  it('that the wallet suggests is strong, in whatever way it is typed', () => {
    for (let time = 0; time < 200; time += 1) {
      const suggested = suggestPassphrase()
      expect(isStrongPassphrase(suggested)).toBe(true)
      expect(isStrongPassphrase(suggested.toLowerCase().replaceAll(' ', '-'))).toBe(true)
    }
  })

  it.each([
    'correct horse battery staple',
    '小明昨天在河边钓到一条大鱼',
    'kv9-Tq2-mWz-81x',
    '73920165847302918465',
    'my wallet lies under the third stair',
  ])('of somebody’s own is taken where it is long and nothing known: %s', (passphrase) => {
    expect(isStrongPassphrase(passphrase)).toBe(true)
  })

  it.each(['', 'short', 'kv9-Tq2-mW', 'aaaaaaaaaaaaaaaa', 'abababababab', '  12345678901  '])(
    'is refused where it is short, or of few symbols: “%s”',
    (passphrase) => {
      expect(isStrongPassphrase(passphrase)).toBe(false)
    },
  )

  it.each([
    '7392016584730',
    '1990-01-01 1992-12-31',
    '18612345678 2046',
    '１２９８３４７５６０１９',
  ])('is refused with less than twenty digits and nothing else: %s', (passphrase) => {
    expect(isStrongPassphrase(passphrase)).toBe(false)
  })

  it.each(['123456123456', 'kv9Tq2kv9Tq2', 'horse1horse1horse1', '12345678901234567890'])(
    'is refused where it repeats itself: %s',
    (passphrase) => {
      expect(isStrongPassphrase(passphrase)).toBe(false)
    },
  )

  it.each(['112233445566', 'abcdefghijklmn', '98765432109876543210', 'aabbccddeeffgg 123456'])(
    'is refused where it is a row: %s',
    (passphrase) => {
      expect(isStrongPassphrase(passphrase)).toBe(false)
    },
  )

  it.each([
    ...['password1234', 'P@ssw0rd 2026!', 'MyPassword12345', 'iloveyou-2026', 'qwertyuiop12'],
    ...['admin admin 1975', '我爱你 20260101 mima'],
  ])('is refused where it is a well-known word with little beside it: %s', (passphrase) => {
    expect(isStrongPassphrase(passphrase)).toBe(false)
  })

  it('is taken by and large where chance made it', () => {
    const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
    const symbol = fc.constantFrom(...Array.from(letters))
    const made = fc.sample(fc.array(symbol, { minLength: 16, maxLength: 16 }), 300)
    const taken = made.filter((it) => isStrongPassphrase(it.join(''))).length
    expect(taken).toBeGreaterThan(280)
  })
})
