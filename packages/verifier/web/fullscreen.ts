import { signal } from '@preact/signals'

/** Whether the page has the whole screen. */
export const isFullscreen = signal(false)

/** Notices when somebody takes the page to the whole screen, or back. */
export function followFullscreen(): void {
  document.addEventListener('fullscreenchange', () => {
    isFullscreen.value = document.fullscreenElement !== null
  })
}

/** To the whole screen, or back. */
export async function turnFullscreen(): Promise<void> {
  if (document.fullscreenElement === null) await document.documentElement.requestFullscreen()
  else await document.exitFullscreen()
}
