import { describe, expect, it } from 'vitest'
import { isShowableLength, shortenShown } from './shown-text.js'

/** One sign for a reader each: a letter, a Han character, a letter with a mark, a family. */
const signs = ['a', '王', '\u{20BB7}', 'e\u0301', '👩‍👩‍👧']

describe('a text that a person is shown', () => {
  it.each(signs)('has at most 200 signs of %s', (sign) => {
    const fits = [199, 200, 201].map((count) => isShowableLength(sign.repeat(count)))
    expect(fits).toEqual([true, true, false])
  })

  it.each(signs)('is shortened after the 200th %s and never within one', (sign) => {
    expect(shortenShown(sign.repeat(200))).toBe(sign.repeat(200))
    expect(shortenShown(sign.repeat(201))).toBe(`${sign.repeat(200)}…`)
  })

  it('costs nothing when it is endless, or one sign of endless marks', () => {
    const began = performance.now()
    expect(isShowableLength('a'.repeat(10_000_000))).toBe(false)
    expect(isShowableLength(`a${'\u0301'.repeat(10_000_000)}`)).toBe(false)
    expect(shortenShown(`a${'\u0301'.repeat(10_000_000)}`).length).toBeLessThan(2_000)
    // A guard against hanging, not a measure: a busy machine takes its time.
    expect(performance.now() - began).toBeLessThan(10_000)
  })
})
