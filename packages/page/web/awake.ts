/**
 * Keeps the screen from going dark, as far as the browser can: a page cannot turn the brightness up.
 *
 * @returns what lets it sleep again
 */
export function keepAwake(): () => void {
  const wakeLock = navigator.wakeLock as WakeLock | undefined
  let lock: WakeLockSentinel | null = null
  let isWanted = true
  const ask = async () => {
    if (!isWanted || document.visibilityState !== 'visible') return
    lock = (await wakeLock?.request('screen').catch(() => null)) ?? null
    if (!isWanted) await lock?.release()
  }
  // The browser takes it back whenever the page is hidden.
  const again = () => void ask()
  document.addEventListener('visibilitychange', again)
  void ask()
  return () => {
    isWanted = false
    document.removeEventListener('visibilitychange', again)
    void lock?.release()
  }
}
