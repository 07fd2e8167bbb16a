import { every, now } from '@netcert/page/clock'
import type { WalletLock } from '../lock/wallet-lock.js'

const LOOK_MILLISECONDS = 5_000
const TOUCHES = ['pointerdown', 'keydown', 'wheel', 'touchmove'] as const

/**
 * Closes the wallet when nobody touched it for as long as was chosen, whether it is looked at or hidden.
 * Timers sleep while a page is hidden: what counts is the clock when it is seen again.
 *
 * @returns what ends the watching
 */
export function closeWhenIdle(lock: WalletLock, close: () => void): () => void {
  let touchedAt = now().getTime()
  const touch = () => (touchedAt = now().getTime())
  const look = async () => {
    const { lockAfterSeconds } = await lock.choices()
    const idle = now().getTime() - touchedAt
    // A clock that was set back says nothing of how long it was: closed is the safe guess.
    if (idle >= lockAfterSeconds * 1000 || idle < -LOOK_MILLISECONDS) close()
  }
  const check = () => void look().catch(close)
  for (const name of TOUCHES) addEventListener(name, touch, { passive: true, capture: true })
  document.addEventListener('visibilitychange', check)
  const stop = every(LOOK_MILLISECONDS, check)
  return () => {
    stop()
    document.removeEventListener('visibilitychange', check)
    for (const name of TOUCHES) removeEventListener(name, touch, { capture: true })
  }
}
