import { describe, expect, it } from 'vitest'
import { displayWidth, printable, printableJson } from './printable.js'

const hostile = [
  ['an ANSI colour', '\u001b[31m', '\\u{1b}[31m'],
  ['an OSC title', '\u001b]0;title\u0007', '\\u{1b}]0;title\\u{7}'],
  ['a one-byte CSI', '\u009b2J', '\\u{9b}2J'],
  ['a carriage return', 'paid\rfree', 'paid\\u{d}free'],
  ['a line break', 'a\nb', 'a\\u{a}b'],
  ['a right-to-left override', 'a\u202eb', 'a\\u{202e}b'],
  ['an isolate', 'a\u2066b\u2069', 'a\\u{2066}b\\u{2069}'],
  ['a zero-width space', 'a\u200bb', 'a\\u{200b}b'],
  ['a paragraph separator', 'a\u2029b', 'a\\u{2029}b'],
  ['a tag character', 'a\u{e0041}b', 'a\\u{e0041}b'],
  ['half a surrogate pair', 'a\ud842b', 'a\\u{d842}b'],
] as const

describe('printable', () => {
  it.each(hostile)('shows %s instead of obeying it', (_name, input, shown) => {
    expect(printable(input)).toBe(shown)
  })

  it('leaves names in Han, Latin and beyond the BMP as they are', () => {
    expect(printable('𠮷野 阿依古丽·买买提 Müller O’Brien')).toBe(
      '𠮷野 阿依古丽·买买提 Müller O’Brien',
    )
  })

  it('cuts what is too long for a line', () => {
    expect(printable('x'.repeat(50), 10)).toBe(`${'x'.repeat(10)}…`)
  })
})

describe('printableJson', () => {
  it.each(hostile)('keeps %s for a program and away from the terminal', (_name, input) => {
    const text = printableJson({ input })
    expect(JSON.parse(text)).toEqual({ input })
    expect(printable(text)).toBe(text)
  })
})

describe('displayWidth', () => {
  it('counts Han characters twice and combining marks not at all', () => {
    expect(displayWidth('网络ab')).toBe(6)
    expect(displayWidth('𠮷')).toBe(2)
    expect(displayWidth('e\u0301')).toBe(1)
  })
})
