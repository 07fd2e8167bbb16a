import { describe, expect, it } from 'vitest'
import { assertSafeEnvironment } from './safe-environment.js'

describe('the environment', () => {
  it.each([
    'veramo:*',
    '*',
    'v*',
    'veramo*',
    'veramo:kms:local',
    'express:*,veramo:key-manager',
    'express veramo:*',
    '*,-express:*',
    '-x veramo:*',
  ])('is refused with DEBUG=%s', (value) => {
    expect(() => assertSafeEnvironment({ DEBUG: value })).toThrow(
      expect.objectContaining({ code: 'debug_refused' }),
    )
  })

  it.each([undefined, '', 'express:*', 'netcert*', '*,-veramo:*', 'vite:*'])(
    'is taken with DEBUG=%s',
    (value) => {
      expect(() => assertSafeEnvironment({ DEBUG: value })).not.toThrow()
    },
  )
})
