import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  blindPlatformId,
  createNumberSearch,
  createPlatform,
  evaluateBlinded,
  formatPlatformNumber,
  type Platform,
  parsePlatformNumber,
  readBlindedNumber,
  unblindedNumber,
} from './platform-number.js'

type Example = {
  readonly K_pn: string
  readonly salt: string
  readonly platforms: readonly { id: string; r: string; b: string; e: string; number: string }[]
}

const file = new URL('../../../../shared/vectors/platform-number.json', import.meta.url)
const isThere = existsSync(file)
const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'))
const invalid = expect.objectContaining({ code: 'platform_number_invalid' })
const refused = expect.objectContaining({ code: expect.stringMatching(/^platform_number_/) })
const mismatch = expect.objectContaining({ code: 'platform_number_mismatch' })

describe.skipIf(!isThere)(`the worked example${isThere ? '' : ' (no file at hand)'}`, () => {
  const example = (isThere ? JSON.parse(readFileSync(file, 'utf8')) : { platforms: [] }) as Example

  it.each(example.platforms)('gives the number at $id', (row) => {
    const secrets = { key: bytes(example.K_pn), salt: bytes(example.salt) }
    expect(evaluateBlinded({ ...secrets, b: row.b })).toEqual({ b: row.b, e: row.e })
    expect(createPlatform(row.id).openNumber(row)).toBe(row.number)
    expect(unblindedNumber({ ...secrets, platformId: row.id })).toBe(row.number)
    expect(createNumberSearch(row.id)(secrets)).toBe(row.number)
  })
})

const secret = (fill: number) => new Uint8Array(32).fill(fill)
const person = (fill: number) => ({ key: secret(7), salt: secret(fill) })
const shop = createPlatform('p-4711')
const bank = createPlatform('p-4712')
/** Wallet, issuer and platform in one. */
function opened(platform: Platform, fill: number): string {
  const { r, b } = blindPlatformId(platform.id)
  return platform.openNumber({ ...evaluateBlinded({ ...person(fill), b }), r })
}

describe('a platform number', () => {
  it('is the same at every opening, whatever the blinding, and has its form', () => {
    const numbers = new Set(Array.from({ length: 8 }, () => opened(shop, 1)))
    expect([...numbers]).toEqual([unblindedNumber({ ...person(1), platformId: 'p-4711' })])
    expect([...numbers][0]).toMatch(/^P[0-9A-HJKMNP-TV-Z]{20}[0-9]{2}$/)
  })

  it('differs between platforms, between persons and between issuers', () => {
    const otherIssuer = { key: secret(8), salt: secret(1) }
    const numbers = [
      opened(shop, 1),
      opened(bank, 1),
      opened(shop, 2),
      unblindedNumber({ ...otherIssuer, platformId: 'p-4711' }),
    ]
    expect(new Set(numbers).size).toBe(4)
  })

  it('hangs on the identifier as it is written', () => {
    const spellings = ['p-4711', 'P-4711', 'p-4711 ', 'p‑4711', 'p-4711|', 'café', 'cafe\u0301']
    const numbers = spellings.map((platformId) => unblindedNumber({ ...person(1), platformId }))
    expect(new Set(numbers).size).toBe(spellings.length)
  })

  it('opens for no other platform, with no other blinding and in no other order', () => {
    const mine = blindPlatformId('p-4711')
    const other = blindPlatformId('p-4712')
    const here = evaluateBlinded({ ...person(1), b: mine.b })
    const there = evaluateBlinded({ ...person(1), b: other.b })
    expect(() => bank.openNumber({ ...here, r: mine.r })).toThrow(mismatch)
    expect(() => shop.openNumber({ ...here, r: other.r })).toThrow(mismatch)
    expect(() => shop.openNumber({ ...there, r: other.r })).toThrow(mismatch)
    expect(() => shop.openNumber({ b: here.e, e: here.b, r: mine.r })).toThrow(mismatch)
    expect(() => shop.openNumber({ b: there.b, e: here.e, r: mine.r })).toThrow(mismatch)
  })

  it('is refused where anything in it is no point or no scalar, and nothing else is thrown', () => {
    const { r, b } = blindPlatformId('p-4711')
    const good = { ...evaluateBlinded({ ...person(1), b }), r }
    const member = fc.constantFrom('b' as const, 'e' as const, 'r' as const)
    const junk = fc.oneof(fc.string(), fc.base64String(), fc.uint8Array().map(encode))
    fc.assert(
      fc.property(member, junk, (name, text) => {
        expect(() => shop.openNumber({ ...good, [name]: text })).toThrow(refused)
      }),
      { numRuns: 200 },
    )
  })

  it('is never given with a single character of the pair or the blinding changed', () => {
    const { r, b } = blindPlatformId('p-4711')
    const good = { ...evaluateBlinded({ ...person(1), b }), r }
    const right = shop.openNumber(good)
    for (const name of ['b', 'r'] as const) {
      for (let at = 0; at < good[name].length; at += 1) {
        const other = good[name].charAt(at) === 'A' ? 'B' : 'A'
        const text = good[name].slice(0, at) + other + good[name].slice(at + 1)
        expect(() => shop.openNumber({ ...good, [name]: text })).toThrow(refused)
      }
    }
    // The pair is signed by the issuer: nobody else can change e; where it is changed, the number is another.
    const stranger = evaluateBlinded({ ...person(2), b })
    expect(shop.openNumber({ ...good, e: stranger.e })).not.toBe(right)
  })
})

const encode = (octets: Uint8Array) => Buffer.from(octets).toString('base64url')

describe('a blinding', () => {
  it('is never drawn twice and never shows the platform', () => {
    const drawn = Array.from({ length: 50 }, (_, at) => blindPlatformId(at % 2 ? 'p-1' : 'p-2'))
    expect(new Set(drawn.flatMap(({ r, b }) => [r, b])).size).toBe(100)
    for (const { r, b } of drawn) expect([bytes(r).length, bytes(b).length]).toEqual([32, 33])
  })

  it.each([
    ['nothing', ''],
    ['too much', 'x'.repeat(257)],
    ['half a character', 'p-\ud800'],
  ])('of %s is a mistake of the caller', (_what, id) => {
    expect(() => blindPlatformId(id)).toThrow(TypeError)
    expect(() => createPlatform(id)).toThrow(TypeError)
    expect(() => unblindedNumber({ ...person(1), platformId: id })).toThrow(TypeError)
    expect(() => createNumberSearch(id)).toThrow(TypeError)
  })

  it('is answered with secrets of 32 bytes and no others', () => {
    const { b } = blindPlatformId('p-4711')
    for (const length of [0, 31, 33]) {
      const wrong = new Uint8Array(length)
      expect(() => evaluateBlinded({ b, key: wrong, salt: secret(1) })).toThrow(TypeError)
      expect(() => evaluateBlinded({ b, key: secret(7), salt: wrong })).toThrow(TypeError)
    }
  })
})

describe('the claim platform_number', () => {
  it('is read as a pair, and refused as anything else', () => {
    expect(readBlindedNumber({ b: 'x', e: 'y', more: 1 })).toEqual({ b: 'x', e: 'y' })
    const wrong = [undefined, null, 'x', [], ['b', 'e'], {}, { b: 'x' }, { b: 'x', e: 1 }]
    for (const claim of wrong) expect(() => readBlindedNumber(claim)).toThrow(invalid)
  })
})

describe('a platform number in writing', () => {
  const number = 'PV7YG7F46QGK5S6NDW29E09'

  it('is shown in groups of five and read back, whoever typed it', () => {
    expect(formatPlatformNumber(number)).toBe('PV7YG 7F46Q GK5S6 NDW29 E09')
    for (const spelt of [' pv7yg-7f46q gk5s6 ndw29 eo9', 'PV7YG7F46QGK5S6NDW29E09']) {
      expect(parsePlatformNumber(spelt)).toBe(number)
    }
  })

  it.each([
    ['a network number', number.slice(1)],
    ['another letter in front', `Q${number.slice(1)}`],
    ['a wrong check digit', `${number.slice(0, -1)}8`],
    ['two digits swapped', 'PV7YG7F64QGK5S6NDW29E09'],
    ['a U', number.replace('Y', 'U')],
    ['nothing', ''],
    ['very much', 'P'.repeat(1_000_000)],
  ])('is refused: %s', (_what, text) => {
    expect(() => parsePlatformNumber(text)).toThrow(invalid)
    expect(() => formatPlatformNumber(text)).toThrow(invalid)
  })
})
