import { describe, expect, it } from 'vitest'
import { claimWord } from './claim-word.js'

const words = { yes: '是', no: '否' }

describe('a value of a certificate', () => {
  it('is read as yes or no, in the words of the page', () => {
    expect(claimWord(true, 'zh-CN', words)).toBe('是')
    expect(claimWord(false, 'en', { yes: 'Yes', no: 'No' })).toBe('No')
  })

  it('is a day where it is one, and the same day in every time zone', () => {
    expect(claimWord('1990-05-19', 'zh-CN', words)).toBe('1990年5月19日')
    expect(claimWord('1990-05-19', 'en', words)).toBe('19 May 1990')
  })

  it('stands as it is where it only looks like a day', () => {
    expect(claimWord('1990-13-45', 'en', words)).toBe('1990-13-45')
    expect(claimWord('0000-00-00', 'zh-CN', words)).toBe('0000-00-00')
  })

  it('stands in groups of four where it is a long number, and alone where it is a word', () => {
    expect(claimWord('310105199005190012', 'zh-CN', words)).toBe('3101 0519 9005 1900 12')
    expect(claimWord('SHANGHAIRESIDENT', 'en', words)).toBe('SHANGHAIRESIDENT')
    expect(claimWord('上海', 'zh-CN', words)).toBe('上海')
  })

  it('lists several, and shows what has no form as it stands', () => {
    expect(claimWord(['甲', '乙'], 'zh-CN', words)).toBe('甲、乙')
    expect(claimWord({ a: 1 }, 'en', words)).toBe('{"a":1}')
  })
})
