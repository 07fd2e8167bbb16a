import { describe, expect, test } from 'vitest'
import { codeOf } from '../../../../test/chip-ground.js'
import { AlgorithmIdentifier, Certificate } from '@peculiar/asn1-x509'
import { parseAsn1 } from './asn1-values.js'
import { parseDer, readDerElement, readDerElements } from './der.js'
import { derInteger, derObjectIdentifier, derOctets, derOf, derSequence } from './der-writing.js'
import { readObjectIdentifier } from './object-identifier.js'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')

/** Elements of one kind inside of one another, until there are so many bytes. */
function nested(tag: number, bytes: number): Uint8Array {
  const headers = []
  for (let rest = bytes - 4; rest >= 256; rest -= 4) {
    headers.push(Uint8Array.of(tag, 0x82, rest >> 8, rest & 0xff))
  }
  const innermost = bytes - 4 * headers.length
  return Buffer.concat([...headers, derOf(tag === 0x30 ? 0x04 : tag, Buffer.alloc(innermost - 3))])
}

describe('DER', () => {
  test.each([
    ['an indefinite length', '30 80 02 01 01 00 00'],
    ['a length that could be shorter', '30 81 03 02 01 01'],
    ['a length that begins with zero', '04 82 00 80' + '00'.repeat(128)],
    ['a length of four bytes', '04 84 01 00 00 00'],
    ['a length beyond the end', '30 05 02 01 01'],
    ['no length', '30'],
    ['nothing', ''],
    ['bytes behind it', '02 01 01 00'],
    ['a string in pieces', '24 03 04 01 00'],
    ['a sequence without parts', '10 00'],
    ['a set without parts', '11 00'],
    ['a number with a needless zero', '02 02 00 01'],
    ['a number with needless ones', '02 02 ff 80'],
    ['a number without digits', '02 00'],
    ['a boolean that is neither', '01 01 01'],
    ['a boolean of two bytes', '01 02 ff ff'],
    ['a null that holds something', '05 01 00'],
    ['bits with a tail', '03 02 04 ff'],
    ['bits with nine unused', '03 02 09 00'],
    ['bits without a count', '03 00'],
    ['an identifier that goes on', '06 02 2a 86'],
    ['an identifier with a needless byte', '06 03 2a 80 01'],
    ['an identifier of nothing', '06 00'],
    ['a sequence under another tag', '30 02 b0 00'],
    ['a tag of an application', '30 02 61 00'],
    ['a tag in too many bytes', '5f 1e 00'],
    ['a tag of three bytes', '5f 81 01 00'],
  ])('has not %s', (_what, bytes) => {
    expect(codeOf(() => parseDer(hex(bytes)))).toBe('chip_malformed')
  })

  test('is read to the last byte', () => {
    const written = derSequence(derInteger(65_537), derOctets(Buffer.alloc(300)), derSequence())
    const elements = readDerElements(parseDer(written).content)
    expect(elements.map(({ tag }) => tag)).toEqual([0x02, 0x04, 0x30])
    expect(elements[1]?.content.length).toBe(300)
    expect(readDerElement(hex('5f1f 01 41')).tag).toBe(0x5f1f)
    expect(parseDer(hex('02 01 80')).content).toEqual(hex('80'))
  })

  test('nested too deeply is refused at once, in sequences and in octet strings', () => {
    const sequences = nested(0x30, 60_000)
    const octets = nested(0x04, 60_000)
    const begun = performance.now()
    expect(codeOf(() => parseDer(sequences))).toBe('chip_malformed')
    expect(codeOf(() => parseDer(derSequence(octets, sequences)))).toBe('chip_malformed')
    // What an OCTET STRING holds is not walked; the library that looks into it gives up early.
    expect(parseDer(octets).content.length).toBeGreaterThan(59_000)
    expect(codeOf(() => parseAsn1(octets, Certificate, 'it'))).toBe('chip_malformed')
    const identifier = derSequence(derObjectIdentifier('1.2.3'), octets)
    expect(codeOf(() => parseAsn1(identifier, AlgorithmIdentifier, 'it'))).toBe('accepted')
    // A guard against hanging, not a measure: a busy machine takes its time.
    expect(performance.now() - begun).toBeLessThan(10_000)
  })

  test('of too many elements is refused at once', () => {
    const wide = derOf(0x30, Buffer.alloc(60_000, hex('05 00')))
    expect(codeOf(() => parseDer(wide))).toBe('chip_malformed')
    expect(codeOf(() => readDerElements(Buffer.alloc(130, hex('05 00'))))).toBe('chip_malformed')
  })

  test('names identifiers as they are written', () => {
    const names = ['2.23.136.1.1.1', '1.2.840.113549.1.7.2', '0.4.0.127.0.7', '1.3.36.3.3.2.8']
    for (const name of names) {
      expect(readObjectIdentifier(readDerElement(derObjectIdentifier(name)))).toBe(name)
    }
    const long = derOf(0x06, Buffer.from('2a' + 'ff'.repeat(10) + '01', 'hex'))
    expect(codeOf(() => readObjectIdentifier(readDerElement(long)))).toBe('chip_malformed')
    expect(codeOf(() => readObjectIdentifier(undefined))).toBe('chip_malformed')
  })
})
