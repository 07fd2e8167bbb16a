import { describe, expect, it } from 'vitest'
import { sharpSide } from './sharp-side.js'

describe('the side of a code on a screen', () => {
  it.each([
    [390, 65, 3],
    [390, 97, 3],
    [360, 65, 2],
    [412, 65, 2.625],
    [900, 65, 1],
  ])(
    'in %d pixels with %d modules at ratio %d has whole modules and wastes less than one of each',
    (room, modules, ratio) => {
      const side = sharpSide(room, modules, ratio)
      const perModule = (side * ratio) / modules
      expect(perModule).toBeCloseTo(Math.round(perModule), 9)
      expect(side).toBeLessThanOrEqual(room)
      expect(room - side).toBeLessThan(modules / ratio)
    },
  )

  it('is never without pixels, however little room there is', () => {
    expect(sharpSide(10, 65, 1)).toBe(65)
  })
})
