import { expect, it } from 'vitest'
import { chooseLanguage } from './language.js'

it('is the one asked for, then the one chosen, then the browser’s, then Chinese', () => {
  expect(chooseLanguage('en', 'zh-CN', ['zh-CN'])).toBe('en')
  expect(chooseLanguage(null, 'zh-CN', ['en-GB'])).toBe('zh-CN')
  expect(chooseLanguage(null, undefined, ['de-DE', 'en-GB', 'zh-CN'])).toBe('en')
  expect(chooseLanguage(null, undefined, ['zh-TW'])).toBe('zh-CN')
  expect(chooseLanguage('de', undefined, ['de-DE'])).toBe('zh-CN')
})
