/**
 * Scanners that type what they read, as a keyboard does: everything up to Enter is one code. Base45
 * has capitals only, so a pressed Caps Lock does no harm.
 */
export type Wedge = {
  /** One key; true when the page should not act on it otherwise. */
  press(key: string, atMilliseconds: number): boolean
}

/** Longer pauses are a person at the keyboard, not a scanner: what was typed is forgotten. */
const PAUSE_MILLISECONDS = 600
/** What begins like an answer is waited for: some scanners send slowly, over a radio. */
const PATIENCE_MILLISECONDS = 4_000
const ANSWER = /^nc1:/i
/** The most a QR code holds, and more than any code of a gate. */
const LONGEST = 4_296
/** Shorter than this is somebody at the keyboard. */
const SHORTEST = 8

export type WedgeOptions = {
  readonly onCode: (text: string) => void
  /** An input method swallows the keys: the scanner cannot be read until it is off. */
  readonly onInputMethod: () => void
}

export function createWedge({ onCode, onInputMethod }: WedgeOptions): Wedge {
  let typed = ''
  let last = Number.NEGATIVE_INFINITY
  const take = (): boolean => {
    const text = typed
    typed = ''
    if (text.length < SHORTEST) return false
    onCode(text.toUpperCase())
    return true
  }
  return {
    press(key, atMilliseconds) {
      const patience = ANSWER.test(typed) ? PATIENCE_MILLISECONDS : PAUSE_MILLISECONDS
      if (atMilliseconds - last > patience) typed = ''
      last = atMilliseconds
      if (key === 'Process') onInputMethod()
      if (key === 'Enter' || key === 'Tab') return take()
      if (key.length !== 1) return false
      // What no code can be is not kept growing.
      if (typed.length <= LONGEST) typed += key
      // A space among other keys must not press whatever button has the focus.
      return typed.length >= SHORTEST || (key === ' ' && typed.length > 1)
    },
  }
}
