import { describe, expect, it } from 'vitest'
import { decisionCodes, decisionText, isDecisionCode } from './decision-texts.js'
import { isDisplayText } from './display-text.js'

describe('the sentence for a decision', () => {
  it.each(decisionCodes)('is there in both languages: %s', (code) => {
    const [chinese, english] = [decisionText(code, 'zh-CN'), decisionText(code, 'en')]
    expect(chinese).toMatch(/\p{Script=Han}.*。$/u)
    expect(english).toMatch(/^[\x20-\x7e’]+\.$/)
    expect(isDisplayText(chinese) && isDisplayText(english)).toBe(true)
  })

  it('is no other than that of another decision', () => {
    const texts = decisionCodes.map((code) => decisionText(code, 'en'))
    expect(new Set(texts).size).toBe(decisionCodes.length)
    expect(isDecisionCode('claim_uncovered')).toBe(true)
    expect(isDecisionCode('toString')).toBe(false)
  })
})
