import { afterEach, describe, expect, it } from 'vitest'
import { language } from './language.js'
import { dayWord, timeWord } from './spoken-dates.js'
import { agoWord, minuteWord, numberWord, secondWord, weekdayWord } from './spoken-times.js'

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

  it('are written the same on every screen: hours from 0, the day before the month in English', () => {
    const at = new Date(2026, 10, 22, 13, 43, 9)
    expect([dayWord(at), timeWord(at), weekdayWord(at)]).toEqual([
      ...['2026年11月22日', '2026年11月22日 13:43', '2026年11月22日星期日'],
    ])
    language.value = 'en'
    expect([dayWord(at), timeWord(at), secondWord(at)]).toEqual([
      ...['22 November 2026', '22 Nov 2026, 13:43', '13:43:09'],
    ])
    expect(weekdayWord(at)).toMatch(/^Sunday,? 22 November 2026$/)
  })

  it('count the hours of a day from 0, and group numbers', () => {
    expect([secondWord(now), minuteWord(now), numberWord(12_345)]).toEqual([
      ...['00:04:09', '00:04', '12,345'],
    ])
  })
})
