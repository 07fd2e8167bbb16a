import { afterEach, describe, expect, it } from 'vitest'
import { language } from '../texts/language.js'
import { partyName } from './party-words.js'

afterEach(() => {
  language.value = 'zh-CN'
})

describe('who got something', () => {
  const platform = { name: { 'zh-CN': '好票网', en: 'Good Tickets' } }

  it('is told with the child it was about, by a word of the language where nobody named them', () => {
    const ward = { id: 'w_1', label: 'child-2' }
    expect(partyName({ platform, ward })).toBe('好票网（孩子 2）')
    language.value = 'en'
    expect(partyName({ platform, ward })).toBe('Good Tickets (Child 2)')
  })

  it('is told by the name that its guardian gave', () => {
    expect(partyName({ platform, ward: { id: 'w_1', label: '小明' } })).toBe('好票网（小明）')
  })
})
