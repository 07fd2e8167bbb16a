import { describe, expect, it } from 'vitest'
import { waitWords } from './lock-refusals.js'

describe('the wait after wrong PINs', () => {
  it.each([
    [1, '1 second', '1秒钟'],
    [30, '30 seconds', '30秒钟'],
    [60, '1 minute', '1分钟'],
    [61, '2 minutes', '2分钟'],
    [900, '15 minutes', '15分钟'],
    [3_600, '1 hour', '1小时'],
  ])('of %i seconds is said as %s', (seconds, english, chinese) => {
    expect(waitWords(seconds, 'en')).toBe(english)
    expect(waitWords(seconds, 'zh-CN')).toBe(chinese)
  })
})
