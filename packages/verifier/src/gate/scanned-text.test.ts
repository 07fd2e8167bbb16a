import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readScanned } from './scanned-text.js'

const CODE = 'NC1:6BF+70790T9WJWG.FKY*4GO0.O1CV2 ETQBP1QS%F'
const answer = { kind: 'answer', code: CODE }

describe('a scanner that acts as a keyboard', () => {
  test.each([
    ['ends with Enter', `${CODE}\r\n`],
    ['ends with a tab', `${CODE}\t`],
    ['begins with blanks', `  \t${CODE}`],
    ['ends with a blank', `${CODE} `],
    ['says that it read a QR code', `]Q1${CODE}`],
    ['types small letters', CODE.toLowerCase()],
    [
      'types in full width',
      CODE.replaceAll(/[!-~]/g, (one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0)),
    ],
    ['types through Chinese input', CODE.replace(':', '\uff1a').replaceAll('.', '\u3002')],
  ])('is understood when it %s', (_name, text) => {
    expect(readScanned(text)).toEqual(answer)
  })

  test.each([
    ['a German one', CODE.replace(':', '\u00d6').replaceAll('.', '.')],
    ['a French one', CODE.replace('1:', '&M')],
    ['a Japanese one', CODE.replace(':', '+')],
    ['one that makes other signs of some', CODE.replace('%', '_')],
  ])('is told to change its layout from %s', (_name, text) => {
    expect(readScanned(text)).toEqual({ kind: 'other', code: 'code_damaged' })
  })
})

describe('what is no answer', () => {
  test.each([
    ['a challenge', `NCC1:${CODE}`, 'code_challenge'],
    ['a web address', 'https://pay.example/?to=me', 'code_foreign'],
    ['a fare card', '622202 1234 5678', 'code_foreign'],
    ['a name that begins alike', 'NC100', 'code_foreign'],
    ['nothing', '', 'code_foreign'],
    ['control signs', '\u001b[2J\u0007', 'code_foreign'],
    ['a book', `NC1:${'A'.repeat(5_000)}`, 'code_too_long'],
  ])('is told as what it is: %s', (_name, text, code) => {
    expect(readScanned(text)).toEqual({ kind: 'other', code })
  })

  test('is anything, and nothing makes it throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(['answer', 'other']).toContain(readScanned(text).kind)
        expect(['answer', 'other']).toContain(readScanned(`NC1:${text}`).kind)
      }),
    )
  })
})
