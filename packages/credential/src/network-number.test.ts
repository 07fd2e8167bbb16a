import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crockfordCheckDigits } from './crockford-number.js'
import { createNetworkNumber, formatNetworkNumber, parseNetworkNumber } from './network-number.js'

const malformed = expect.objectContaining({ code: 'network_number_malformed' })
const symbols = fc
  .uint8Array({ minLength: 20, maxLength: 20 })
  .map((random) => createNetworkNumber(random))

describe('a network number', () => {
  it('has 20 Crockford symbols and two check digits', () => {
    expect(createNetworkNumber()).toMatch(/^[0-9A-HJKMNP-TV-Z]{20}[0-9]{2}$/)
    expect(createNetworkNumber(new Uint8Array(20))).toBe('0000000000000000000098')
  })

  it('has the check digits of the worked example for platform numbers', () => {
    expect(crockfordCheckDigits('V7YG7F46QGK5S6NDW29E')).toBe('09')
    expect(crockfordCheckDigits('NZYNW3VG08QPTEYG4V3X')).toBe('55')
  })

  it('leaves the remainder 1 by 97 when its letters are read as in an IBAN', () => {
    fc.assert(
      fc.property(symbols, (number) => {
        const digits = number.replaceAll(/[A-Z]/g, (letter) => String(Number.parseInt(letter, 36)))
        expect(BigInt(digits) % 97n).toBe(1n)
      }),
    )
  })

  it('is not drawn twice', () => {
    const numbers = new Set(Array.from({ length: 10_000 }, () => createNetworkNumber()))
    expect(numbers.size).toBe(10_000)
  })

  it('uses every symbol about equally often', () => {
    const counts = new Map<string, number>()
    for (let i = 0; i < 2_000; i += 1) {
      for (const symbol of createNetworkNumber().slice(0, 20)) {
        counts.set(symbol, (counts.get(symbol) ?? 0) + 1)
      }
    }
    expect(counts.size).toBe(32)
    // 40,000 symbols, 1,250 each expected; six standard deviations are 210.
    for (const count of counts.values()) expect(Math.abs(count - 1_250)).toBeLessThan(210)
  })

  it('is shown in groups of five and read back from them', () => {
    const number = createNetworkNumber(Uint8Array.from({ length: 20 }, (_, i) => i + 1))
    expect(formatNetworkNumber(number)).toMatch(/^(\S{5} ){4}\S{2}$/)
    expect(parseNetworkNumber(formatNetworkNumber(number))).toBe(number)
  })

  it('is read in any case, with blanks and hyphens, with O for 0 and I or L for 1', () => {
    fc.assert(
      fc.property(symbols, fc.constantFrom('I', 'l', 'i', 'L'), (number, one) => {
        const spelt = number.toLowerCase().replaceAll('0', 'o').replaceAll('1', one)
        expect(parseNetworkNumber(` ${spelt.slice(0, 9)}- ${spelt.slice(9)}\t`)).toBe(number)
      }),
    )
  })

  const isDigit = (symbol: string) => symbol <= '9'

  it('is refused with any digit taken for another digit, any letter for another letter', () => {
    const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
    fc.assert(
      fc.property(symbols, fc.nat(19), fc.nat(31), (number, position, choice) => {
        const symbol = alphabet.charAt(choice)
        const before = number.charAt(position)
        fc.pre(symbol !== before && isDigit(symbol) === isDigit(before))
        const wrong = number.slice(0, position) + symbol + number.slice(position + 1)
        expect(() => parseNetworkNumber(wrong)).toThrow(malformed)
      }),
    )
  })

  it('is refused with two neighbouring digits or letters swapped', () => {
    fc.assert(
      fc.property(symbols, fc.nat(20), (number, position) => {
        const [a, b] = [number.charAt(position), number.charAt(position + 1)]
        fc.pre(a !== b && isDigit(a) === isDigit(b))
        const wrong = number.slice(0, position) + b + a + number.slice(position + 2)
        expect(() => parseNetworkNumber(wrong)).toThrow(malformed)
      }),
    )
  })

  it('passes for one in 97 of random wrong numbers and no more', () => {
    let passed = 0
    for (let i = 0; i < 9_700; i += 1) {
      const wrong = createNetworkNumber().slice(0, 20) + createNetworkNumber().slice(20)
      try {
        parseNetworkNumber(wrong)
        passed += 1
      } catch {}
    }
    expect(passed).toBeGreaterThan(50)
    expect(passed).toBeLessThan(160)
  })

  it.each([
    ['empty', ''],
    ['one symbol short', createNetworkNumber().slice(1)],
    ['one symbol long', `0${createNetworkNumber()}`],
    ['with a U', `U${createNetworkNumber().slice(1)}`],
    ['with a full-width digit', `０${createNetworkNumber().slice(1)}`],
    ['with check digits that only equal modulo 97', '0000000000000000000001'],
    ['very long', '0'.repeat(1_000_000)],
  ])('is refused when %s', (_, text) => {
    expect(() => parseNetworkNumber(text)).toThrow(malformed)
  })

  it('takes 20 random bytes and no other number of them', () => {
    expect(() => createNetworkNumber(new Uint8Array(19))).toThrow(TypeError)
    expect(() => createNetworkNumber(new Uint8Array(21))).toThrow(TypeError)
  })
})
