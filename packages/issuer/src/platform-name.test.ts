import { describe, expect, it } from 'vitest'
import { nameSkeleton, textFault } from './platform-name.js'

describe('a name on a consent screen', () => {
  it.each([
    ['zh-CN', '好票网'],
    ['zh-CN', '深圳好票科技有限公司（北京）'],
    ['zh-CN', 'QQ 音乐'],
    ['zh-CN', '《票》·一〇二'],
    ['en', 'Good Tickets'],
    ['en', 'Café Müller & Co., Ltd.'],
    ['en', '7-Eleven'],
  ] as const)('in %s may be %s', (language, name) => {
    expect(textFault(name, language, 64)).toBeNull()
  })

  it.each([
    ['Cyrillic among Latin', 'en', 'Gооd Tickets', 'text_script'],
    ['Greek among Latin', 'en', 'Τickets', 'text_script'],
    ['Cyrillic alone', 'en', 'Сбербанк', 'text_script'],
    ['Han where Latin is due', 'en', '好票网', 'text_script'],
    ['Kana among Han', 'zh-CN', '好票の店', 'text_script'],
    ['a mark that turns the direction', 'en', 'Good \u202Estekcit', 'text_invisible'],
    ['an isolate', 'zh-CN', '好票\u2067网\u2069', 'text_invisible'],
    ['a zero-width space', 'en', 'Good\u200BTickets', 'text_invisible'],
    ['a zero-width joiner', 'zh-CN', '好\u200D票', 'text_invisible'],
    ['a soft hyphen', 'en', 'Tick\u00ADets', 'text_invisible'],
    ['a Hangul filler', 'zh-CN', '好\u3164票', 'text_invisible'],
    ['a line feed', 'en', 'Good\nTickets', 'text_invisible'],
    ['a tag character', 'en', 'Good\u{E0041}', 'text_invisible'],
    ['a private character', 'zh-CN', '好\uE000', 'text_invisible'],
    ['half a surrogate pair', 'en', 'Good\uD800', 'text_invisible'],
    ['full-width letters', 'zh-CN', 'ＱＱ音乐', 'text_styled'],
    ['mathematical letters', 'en', '𝐆𝐨𝐨𝐝', 'text_styled'],
    ['letters in circles', 'en', 'Ⓖood', 'text_styled'],
    ['a ligature', 'en', 'ﬁne', 'text_styled'],
    ['a composed form taken apart', 'en', 'Cafe\u0301', 'text_styled'],
    ['a picture', 'en', 'Good ✔', 'text_styled'],
    ['stacked marks', 'en', 'G\u0336\u0337ood', 'text_marks'],
    ['a space at the end', 'en', 'Good ', 'text_spacing'],
    ['two spaces', 'en', 'Good  Tickets', 'text_spacing'],
    ['a space of another width', 'zh-CN', '好\u3000票', 'text_spacing'],
    ['nothing', 'en', '', 'text_empty'],
    ['65 characters', 'en', 'x'.repeat(65), 'text_too_long'],
  ] as const)('may not have %s', (_what, language, name, fault) => {
    expect(textFault(name, language, 64)).toBe(fault)
  })

  it('may have 64 characters, whatever their width', () => {
    expect(textFault('票'.repeat(64), 'zh-CN', 64)).toBeNull()
    expect(textFault('票'.repeat(65), 'zh-CN', 64)).toBe('text_too_long')
  })
})

describe('two names that look the same', () => {
  it.each([
    ['Good Tickets', 'GOOD-TICKETS'],
    ['Google', 'G00gle'],
    ['paypal', 'PayPaI'],
    ['modern', 'modem'],
    ['Café Müller', 'Cafe Muller'],
    ['未来票务', '末来票务'],
    ['淘票网', '淘 票 网'],
  ])('%s and %s have one skeleton', (one, other) => {
    expect(nameSkeleton(one)).toBe(nameSkeleton(other))
  })

  it('and different ones have not', () => {
    expect(nameSkeleton('Good Tickets')).not.toBe(nameSkeleton('Gold Tickets'))
    expect(nameSkeleton('好票网')).not.toBe(nameSkeleton('好票店'))
  })
})
