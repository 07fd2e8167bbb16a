import { signal } from '@preact/signals'

/** Whether the browser believes in a network. The page needs none. */
export const isOnline = signal(navigator.onLine)
export const isFullscreen = signal(false)

/** Follows network and full screen. */
export function followDevice(): void {
  addEventListener('online', () => (isOnline.value = true))
  addEventListener('offline', () => (isOnline.value = false))
  document.addEventListener('fullscreenchange', () => {
    isFullscreen.value = document.fullscreenElement !== null
  })
}

export async function turnFullscreen(): Promise<void> {
  if (document.fullscreenElement === null) await document.documentElement.requestFullscreen()
  else await document.exitFullscreen()
}

/** Keeps the screen on while it is looked at; browsers let go when the page is hidden. */
export function keepScreenOn(): () => void {
  const wakeLock = navigator.wakeLock as WakeLock | undefined
  let lock: WakeLockSentinel | null = null
  const ask = async () => {
    if (document.visibilityState !== 'visible') return
    // Refused when the battery is low; the gate works on.
    lock = (await wakeLock?.request('screen').catch(() => null)) ?? null
  }
  const onVisible = () => void ask()
  document.addEventListener('visibilitychange', onVisible)
  void ask()
  return () => {
    document.removeEventListener('visibilitychange', onVisible)
    void lock?.release()
  }
}
