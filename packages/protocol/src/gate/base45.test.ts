import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ProtocolError } from '../errors.js'
import { decodeBase45, encodeBase45 } from './base45.js'

const octets = (text: string) => new TextEncoder().encode(text)

describe('Base45', () => {
  // RFC 9285 §4.3, §4.4
  it.each([
    ['AB', 'BB8'],
    ['Hello!!', '%69 VD92EX0'],
    ['base-45', 'UJCLQE7W581'],
    ['ietf!', 'QED8WEX0'],
    ['', ''],
  ])('writes %s as %s', (plain, text) => {
    expect(encodeBase45(octets(plain))).toBe(text)
    expect(decodeBase45(text)).toEqual(octets(plain))
  })

  it('gives back whatever it was given, in characters of the alphanumeric mode', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const text = encodeBase45(bytes)
        expect(text).toMatch(/^[0-9A-Z $%*+\-./:]*$/)
        // A scanner that takes blanks off the end of a line must not take any of the code.
        expect(text).not.toMatch(/ $/)
        expect(decodeBase45(text)).toEqual(bytes)
      }),
    )
  })

  it.each([
    ['a group beyond two octets', 'GGW'],
    ['the greatest group', ':::'],
    ['a last group beyond one octet', '::'],
    ['one character alone', 'BB8A'],
    ['lower case', 'bb8'],
    ['a character outside the alphabet', 'BB_'],
    ['a line end', 'BB8\n'],
  ])('refuses %s', (_, text) => {
    expect(() => decodeBase45(text)).toThrow(ProtocolError)
  })

  it('has one text for each sequence of octets', () => {
    const symbols = Array.from('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:')
    const random = fc.array(fc.constantFrom(...symbols), { maxLength: 60 })
    fc.assert(
      fc.property(random, (characters) => {
        const text = characters.join('')
        let bytes: Uint8Array
        try {
          bytes = decodeBase45(text)
        } catch {
          return
        }
        expect(encodeBase45(bytes)).toBe(text)
      }),
    )
  })
})
