import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isDisplayText, nameWarning } from './display-text.js'

const hostile: readonly (readonly [what: string, text: string])[] = [
  ['nothing', ''],
  ['blanks', '   '],
  ['a blank at an end', 'Shop '],
  ['NUL', 'Sh\u0000op'],
  ['a bell', 'Shop\u0007'],
  ['an escape sequence', '\u001b[2JShop'],
  ['a C1 control', 'Sh\u009bop'],
  ['a line feed', 'Shop\nBank'],
  ['a tab', 'Shop\tBank'],
  ['a line separator', 'Shop\u2028Bank'],
  ['a paragraph separator', 'Shop\u2029Bank'],
  ['a right-to-left override', 'knab\u202e'],
  ['an isolate', '\u2066Bank\u2069'],
  ['an Arabic letter mark', 'Bank\u061c'],
  ['a left-to-right mark', '\u200eBank'],
  ['a zero-width space', 'B\u200bank'],
  ['a zero-width joiner', 'B\u200dank'],
  ['a byte order mark', '\ufeffBank'],
  ['a word joiner', 'B\u2060ank'],
  ['a soft hyphen', 'Ba\u00adnk'],
  ['a Hangul filler', 'Bank\u3164'],
  ['a tag character', 'Bank\u{e0041}'],
  ['a variation selector', 'Bank\ufe0f'],
  ['a no-break space', 'Bank\u00a0of'],
  ['a wide space', '中国\u3000银行'],
  ['private use', 'Bank\ue000'],
  ['a lone surrogate', 'Bank\ud800'],
  ['a noncharacter', 'Bank\uffff'],
  ['letters not in normal form', 'Cafe\u0301'],
  ['a letter under a heap of marks', `B${'\u0300\u0316'.repeat(4)}ank`],
  ['201 characters', 'a'.repeat(201)],
  ['10,000 characters', '行'.repeat(10_000)],
]

describe('a text for the consent screen', () => {
  it.each(['示例商店', 'Example shop', 'Café 中国银行 №7', '行'.repeat(200), '👍'])(
    'may be %s',
    (text) => {
      expect(isDisplayText(text)).toBe(true)
    },
  )

  it.each(hostile)('may not have %s', (_, text) => {
    expect(isDisplayText(text)).toBe(false)
  })

  it('is counted as a person would count it', () => {
    // One grapheme of two code points each.
    expect(isDisplayText('n\u0308'.repeat(200))).toBe(true)
    expect(isDisplayText('n\u0308'.repeat(201))).toBe(false)
  })

  it('never shows anything unseen, whatever it is made of', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        if (!isDisplayText(text)) return
        expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
        expect(() => encodeURIComponent(text)).not.toThrow()
      }),
    )
  })
})

describe('a name that may be read as another', () => {
  it.each([
    ['PаyPal, whose first a is Cyrillic', 'P\u0430yPal', 'mixed_script'],
    ['Gοοgle with Greek letters', 'G\u03bf\u03bfgle', 'mixed_script'],
    ['Latin with Cherokee', 'Ban\u13e6', 'mixed_script'],
    ['Han with Cyrillic', '\u4e2d\u56fd\u0430', 'mixed_script'],
    ['Latin with a letter of a script that is not listed', 'Ban\u2c95', 'mixed_script'],
    ['apple all in Cyrillic', '\u0430\u0440\u0440\u04cf\u0435', 'look_alike'],
    ['HOME all in Greek', '\u0397\u039f\u039c\u0395', 'look_alike'],
  ])('is found: %s', (_, name, warning) => {
    expect(nameWarning(name)).toBe(warning)
  })

  it.each([
    '示例商店',
    'Example shop',
    'QQ音乐',
    'ソニー Music',
    '카카오 Pay',
    'Яндекс',
    'Ελλάς',
    '7-Eleven',
    '',
  ])('is not found in %s', (name) => {
    expect(nameWarning(name)).toBe(null)
  })
})
