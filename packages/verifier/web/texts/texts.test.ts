import { describe, expect, it } from 'vitest'
import { numberText, spanText, whenText } from './amounts.js'
import { en } from './en.js'
import { zh } from './zh.js'

/** Every text, those that take values with some. */
function written(table: typeof zh): readonly (readonly [string, string])[] {
  const textOf = (value: unknown): string =>
    typeof value === 'function' ? String(value(3, 4, 5)) : String(value)
  const inner = { ...table.refused, ...table.assurance }
  return [...Object.entries(table), ...Object.entries(inner)]
    .filter(([, value]) => typeof value !== 'object')
    .map(([name, value]) => [name, textOf(value)])
}

describe('the texts of the page', () => {
  it('are Chinese in the one table and English in the other', () => {
    const han = /\p{Script=Han}/u
    expect(written(en).filter(([, text]) => han.test(text))).toEqual([])
    const plain = written(zh).filter(([, text]) => !han.test(text))
    expect(plain.map(([name]) => name)).toEqual([])
  })

  it('are set as their language is: full-width marks in Chinese, none in English', () => {
    const narrow = written(zh).filter(([, text]) => /\p{Script=Han}[,;:!?]/u.test(text))
    expect(narrow).toEqual([])
    expect(written(en).filter(([, text]) => /[，。：；！？（）]|'/u.test(text))).toEqual([])
  })
})

describe('amounts', () => {
  it.each([
    [-5, '0 秒', '0 s'],
    [59.9, '59 秒', '59 s'],
    [60, '1 分钟', '1 min'],
    [7_199, '1 小时', '1 h'],
    [172_799, '47 小时', '47 h'],
    [172_800, '2 天', '2 days'],
  ])('%d seconds are %s, %s', (seconds, chinese, english) => {
    expect(spanText(seconds, 'zh-CN')).toBe(chinese)
    expect(spanText(seconds, 'en')).toBe(english)
  })

  it('tells the time alone today, the day besides on other days, and the year in other years', () => {
    const now = new Date(2026, 10, 22, 15, 0)
    expect(whenText(new Date(2026, 10, 22, 9, 5), now, 'en')).toBe('09:05')
    expect(whenText(new Date(2026, 10, 21, 9, 5), now, 'en')).toMatch(/^Nov 21, 09:05$/)
    expect(whenText(new Date(2025, 10, 21, 9, 5), now, 'zh-CN')).toMatch(/^2025年11月21日 09:05$/)
  })

  it('groups numbers as the language does', () => {
    expect(numberText(50_000, 'en')).toBe('50,000')
    expect(numberText(50_000, 'zh-CN')).toBe('50,000')
  })
})
