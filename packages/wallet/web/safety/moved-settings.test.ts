import { describe, expect, it } from 'vitest'
import { readMovedSettings, writeMovedSettings } from './moved-settings.js'

describe('settings that move', () => {
  it('are read as they were written', () => {
    const appearance = { language: 'en', look: null } as const
    const lock = { lockAfterSeconds: 60, wipeAfter: 20 }
    expect(readMovedSettings(writeMovedSettings(appearance, lock))).toEqual({ appearance, lock })
  })

  it('set nothing that could not be chosen here', () => {
    const strange = { language: 'fr', look: 'loud', lock_after_seconds: 1e9, wipe_after: 1 }
    expect(readMovedSettings(strange)).toEqual({ appearance: {}, lock: {} })
    expect(readMovedSettings({ wipe_after: null, pin: '000000' })).toEqual({
      ...{ appearance: {}, lock: { wipeAfter: null } },
    })
  })
})
