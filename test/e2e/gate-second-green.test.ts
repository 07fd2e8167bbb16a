import type { GateVerdict } from '@netcert/verifier/gate'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { SHOWN_MILLISECONDS, showVerdicts } from '../../packages/verifier/web/gate/shown-verdict.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

// What the page looks at, and no more of a verdict.
const green = { colour: 'green', code: 'entered', repeated: false } as GateVerdict
const again = { ...green, repeated: true }

describe('a copy of a code, held up behind the first', () => {
  it('opens no second green, however soon it comes', () => {
    const sounds: GateVerdict[] = []
    const slot = showVerdicts((verdict) => void sounds.push(verdict))
    slot.show({ verdict: green, frame: null })
    expect(slot.verdict.value?.verdict).toBe(green)
    vi.advanceTimersByTime(SHOWN_MILLISECONDS.green + 1)
    expect(slot.verdict.value).toBeNull()
    slot.show({ verdict: again, frame: null })
    expect(slot.verdict.value).toBeNull()
    expect(sounds).toEqual([green])
  })

  it('keeps the first one green no longer than it would have been', () => {
    const slot = showVerdicts(() => undefined)
    slot.show({ verdict: green, frame: null })
    for (let passed = 0; passed < SHOWN_MILLISECONDS.green; passed += 200) {
      slot.show({ verdict: again, frame: null })
      vi.advanceTimersByTime(200)
    }
    expect(slot.verdict.value).toBeNull()
  })
})
