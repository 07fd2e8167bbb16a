import { describe, expect, it } from 'vitest'
import { isStatedName, statedNumber } from './person-identification.js'

const record = { familyName: '欧阳', givenName: '娜娜' }
const latin = { familyName: 'van der Berg', givenName: 'Anna-Maria' }
const stated = (name: string) => ({ documentNumber: '', name })

describe('a stated name', () => {
  it.each(['欧阳娜娜', ' 欧阳 娜娜 ', '娜娜欧阳', '欧阳·娜娜'])('%s fits', (name) => {
    expect(isStatedName(stated(name), record)).toBe(true)
  })
  it.each(['anna maria VAN DER BERG', 'Van der Berg, Anna-Maria'.replace(',', '')])(
    '%s fits',
    (name) => expect(isStatedName(stated(name), latin)).toBe(true),
  )
  it.each(Array.from('·•‧∙⋅・･.．․﹒·᛫●⸱⸳ꞏ -‐'))(
    'with the dot of a minority name written as %j fits',
    (dot) => {
      const minority = { familyName: '', givenName: '阿卜杜勒·外力' }
      expect(isStatedName(stated(`阿卜杜勒${dot}外力`), minority)).toBe(true)
      expect(isStatedName(stated(`阿卜杜勒${dot}外`), minority)).toBe(false)
    },
  )
  it.each(['', ' ', '欧阳', '欧阳娜', '欧阳娜娜娜', 'x'.repeat(600)])('%s does not fit', (name) => {
    expect(isStatedName(stated(name), record)).toBe(false)
  })
})

describe('a stated document number', () => {
  it.each([
    ['99010119900101123x', '99010119900101123X'],
    [' ９９01 '.trim() + '0119900101123X', '99010119900101123X'],
  ])('%s is read as %s', (documentNumber, number) => {
    expect(statedNumber({ documentNumber, name: '' })).toBe(number)
  })
  it.each(['', '1234', 'x'.repeat(31), '9901-0119', '99010119900101123X;'])(
    '%s is none',
    (text) => {
      expect(statedNumber({ documentNumber: text, name: '' })).toBeUndefined()
    },
  )
})
