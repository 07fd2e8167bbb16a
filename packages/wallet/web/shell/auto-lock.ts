import { every, now } from '@netcert/page/clock'
import type { WalletLock } from '../lock/wallet-lock.js'

const LOOK_MILLISECONDS = 5_000
const TOUCHES = ['pointerdown', 'keydown', 'wheel', 'touchmove'] as const

const SIGHTS = ['visibilitychange', 'resume', 'pageshow', 'focus'] as const

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
  const isOver = () => {
    const idle = now().getTime() - touchedAt
    // A clock that was set back says nothing of how long it was: closed is the safe guess.
    return idle >= lockAfter || idle < -LOOK_MILLISECONDS
  }
  const touch = (event: Event) => {
    if (!isOver()) return void (touchedAt = now().getTime())
    // Whoever finds a wallet that should be closed does nothing with it.
    event.stopImmediatePropagation()
    close()
  }
  const look = async () => {
    lockAfter = (await lock.choices()).lockAfterSeconds * 1000
    if (isOver()) close()
  }
  const check = () => (isOver() ? close() : void look().catch(close))
  for (const name of TOUCHES) addEventListener(name, touch, { passive: true, capture: true })
  for (const name of SIGHTS) addEventListener(name, check, { capture: true })
  check()
  const stop = every(LOOK_MILLISECONDS, check)
  return () => {
    stop()
    for (const name of SIGHTS) removeEventListener(name, check, { capture: true })
    for (const name of TOUCHES) removeEventListener(name, touch, { capture: true })
  }
}
