import { describe, expect, it } from 'vitest'
import { endingTypes } from './ending-types.js'

describe('what ends', () => {
  it('is counted by type, in the order it came', () => {
    const certificates = [
      { vct: 'a', remaining: 3 },
      { vct: 'b', remaining: 1 },
      { vct: 'a', remaining: 4 },
    ]
    expect(endingTypes(certificates)).toEqual([
      { vct: 'a', copies: 7 },
      { vct: 'b', copies: 1 },
    ])
    expect(endingTypes([])).toEqual([])
  })
})
