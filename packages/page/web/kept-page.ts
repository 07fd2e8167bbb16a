import { signal } from '@preact/signals'
import { every } from './clock.js'
import { registerServiceWorker } from './own-scripts.js'

/** A newer version of the page that waits until somebody lets it take over. */
export const waitingVersion = signal<ServiceWorker | null>(null)
/** The browser's offer to install the page as an app. */
export const installOffer = signal<{ prompt(): Promise<unknown> } | null>(null)
/** True once the page is kept on the device and opens with no network. */
export const worksOffline = signal(false)
/** Whether the browser believes in a network. The kiosk needs none. */
export const isOnline = signal(navigator.onLine)

const LOOK_MILLISECONDS = 3_600_000

/** Keeps the page on this device, and looks for newer versions while there is a network. */
export async function keepPage(): Promise<void> {
  addEventListener('online', () => (isOnline.value = true))
  addEventListener('offline', () => (isOnline.value = false))
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault()
    installOffer.value = event as Event & { prompt(): Promise<unknown> }
  })
  // Without it the page works as long as there is a network: in a plain-http test for one.
  if (!('serviceWorker' in navigator)) return
  try {
    const registration = await registerServiceWorker()
    watch(registration)
    registration.addEventListener('updatefound', () => watch(registration))
    every(LOOK_MILLISECONDS, () => void registration.update().catch(() => undefined))
    await navigator.serviceWorker.ready
    worksOffline.value = true
  } catch {
    worksOffline.value = false
  }
}

/** Lets the waiting version take over, and opens the page anew in it. */
export function takeNewVersion(): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload())
  waitingVersion.value?.postMessage('take-over')
}

function watch({ waiting, installing }: ServiceWorkerRegistration): void {
  // The first version of all takes over by itself: nobody waits for it.
  const isUpdate = navigator.serviceWorker.controller !== null
  if (isUpdate && waiting !== null) waitingVersion.value = waiting
  installing?.addEventListener('statechange', () => {
    if (isUpdate && installing.state === 'installed') waitingVersion.value = installing
  })
}
