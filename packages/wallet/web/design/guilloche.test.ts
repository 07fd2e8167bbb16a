import { describe, expect, it } from 'vitest'
import { CARD_GRID, guilloche } from './guilloche.js'

const hashOf = (seed: number) => Uint8Array.from({ length: 32 }, (_, at) => (at * 37 + seed) % 256)

describe('the pattern of a card', () => {
  it('is the same for the same hash', () => {
    expect(guilloche(hashOf(1))).toEqual(guilloche(hashOf(1)))
  })

  it('is another in every part for another hash', () => {
    const [one, other] = [guilloche(hashOf(1)), guilloche(hashOf(90))]
    expect(one.rosette).not.toBe(other.rosette)
    one.bands.forEach((band, at) => expect(band).not.toBe(other.bands[at]))
  })

  it('says nothing but lines: a path of finite numbers for any bytes', () => {
    for (const fill of [0, 255]) {
      const { bands, rosette } = guilloche(new Uint8Array(32).fill(fill))
      for (const path of [...bands, rosette]) expect(path).toMatch(/^(?:[ML]-?\d+\.\d -?\d+\.\d)+$/)
    }
  })

  it('runs each band from one edge of the card to the other', () => {
    for (const band of guilloche(hashOf(7)).bands) {
      expect(band).toMatch(/^M0\.0 /)
      expect(band).toContain(`L${CARD_GRID.width.toFixed(1)} `)
    }
  })
})
