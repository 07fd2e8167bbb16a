import { GUARDIANSHIP, WARD_CERTIFICATE } from '@netcert/credential'
import { describe, expect, it } from 'vitest'
import { birthdayWord } from './birthday-word.js'
import { wardState } from './ward-state.js'
import { wardWord } from './ward-word.js'

describe('what a guardian can do for a child', () => {
  it('is told by what is held and what the issuer brings', () => {
    const held = (...vcts: string[]) => vcts.map((vct) => ({ vct }))
    expect(wardState({ certificates: held(WARD_CERTIFICATE), brings: [] })).toBe('ward')
    expect(wardState({ certificates: [], brings: [WARD_CERTIFICATE] })).toBe('ward')
    expect(wardState({ certificates: [], brings: [GUARDIANSHIP] })).toBe('guardianship')
    expect(wardState({ certificates: [], brings: [] })).toBe('ended')
    expect(wardState({ certificates: held('urn:other'), brings: [] })).toBe('ended')
  })
})

describe('a birthday', () => {
  it('is the day in Shanghai, wherever the device is', () => {
    const begins = new Date('2031-03-07T16:00:00Z')
    expect(birthdayWord(begins, 'zh-CN')).toBe('2031年3月8日')
    expect(birthdayWord(begins, 'en')).toBe('8 March 2031')
  })
})

describe('a child that nobody named yet', () => {
  it('has a number in the language of the page, and a named one its name', () => {
    const child = (number: number) => `孩子 ${number}`
    expect(wardWord('child-2', child)).toBe('孩子 2')
    expect(wardWord('小雨', child)).toBe('小雨')
    expect(wardWord('child-2b', child)).toBe('child-2b')
  })
})
