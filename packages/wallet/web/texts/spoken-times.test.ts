import { afterEach, describe, expect, it } from 'vitest'
import { language } from './language.js'
import { agoWord, minuteWord, numberWord, secondWord } from './spoken-times.js'

const now = new Date(2026, 0, 15, 0, 4, 9)
const ago = (seconds: number) => agoWord(new Date(now.getTime() - seconds * 1000), now)

afterEach(() => {
  language.value = 'zh-CN'
})

describe('times in words', () => {
  it('are told in the largest whole unit, in the language of the page', () => {
    expect([ago(0), ago(59), ago(60), ago(7_300), ago(200_000)]).toEqual([
      ...['现在', '59秒钟前', '1分钟前', '2小时前', '前天'],
    ])
    language.value = 'en'
    expect([ago(59), ago(60), ago(90_000)]).toEqual(['59 seconds ago', '1 minute ago', 'yesterday'])
  })

  it('never say that something is still to come', () => {
    language.value = 'en'
    expect(ago(-30)).toBe('now')
  })

  it('count the hours of a day from 0, and group numbers', () => {
    expect([secondWord(now), minuteWord(now), numberWord(12_345)]).toEqual([
      ...['00:04:09', '00:04', '12,345'],
    ])
  })
})
