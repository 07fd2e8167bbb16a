import { describe, expect, it } from 'vitest'
import { pauseEnd } from './pause-end.js'

describe('a pause', () => {
  it('ends after its days, or when somebody takes it back', () => {
    const now = new Date('2026-11-22T10:00:00Z')
    expect(pauseEnd('1', now)).toEqual({ until: new Date('2026-11-23T10:00:00Z') })
    expect(pauseEnd('7', now)).toEqual({ until: new Date('2026-11-29T10:00:00Z') })
    expect(pauseEnd('until', now)).toEqual({})
  })
})
