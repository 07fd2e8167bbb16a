import { every, now } from '@netcert/page/clock'
import { signal } from '@preact/signals'
import type { WalletLock } from '../lock/wallet-lock.js'

const LOOK_MILLISECONDS = 5_000
/** So long before it closes the page says so, to a look more or less. */
const WARN_MILLISECONDS = 22_500
const TOUCHES = ['pointerdown', 'keydown', 'click', 'wheel', 'touchmove'] as const
/** A page is seen again. `focus` of the window alone: that of its fields goes no further up than they. */
const SIGHTS = ['visibilitychange', 'pageshow', 'focus'] as const

/** The wallet closes in a moment unless somebody touches it. */
export const closesSoon = signal(false)

/**
 * Closes the wallet when nobody touched it for as long as was chosen, whether it is looked at or hidden.
 * Timers sleep while a page is hidden: what counts is the clock, when it is seen again and before the
 * first touch then counts as one.
 *
 * @returns what ends the watching
 */
export function closeWhenIdle(lock: WalletLock, close: () => void): () => void {
  let touchedAt = now().getTime()
  let lockAfter = Infinity
  const idle = () => now().getTime() - touchedAt
  // A clock that was set back says nothing of how long it was: closed is the safe guess.
  const isOver = () => idle() >= lockAfter || idle() < -LOOK_MILLISECONDS
  const touch = (event: Event) => {
    if (isOver()) {
      // Whoever finds a wallet that should be closed does nothing with it.
      event.stopImmediatePropagation()
      if (event.type === 'click') event.preventDefault()
      return close()
    }
    touchedAt = now().getTime()
    closesSoon.value = false
  }
  const look = async () => {
    lockAfter = (await lock.choices()).lockAfterSeconds * 1000
    if (isOver()) close()
    else closesSoon.value = idle() >= lockAfter - WARN_MILLISECONDS
  }
  const check = () => (isOver() ? close() : void look().catch(close))
  for (const name of TOUCHES)
    addEventListener(name, touch, { passive: name !== 'click', capture: true })
  for (const name of SIGHTS) addEventListener(name, check)
  check()
  const stop = every(LOOK_MILLISECONDS, check)
  return () => {
    stop()
    closesSoon.value = false
    for (const name of SIGHTS) removeEventListener(name, check)
    for (const name of TOUCHES) removeEventListener(name, touch, { capture: true })
  }
}
