const PREFIX = 'netcert-wallet-'

/** Digest of the version of the page that this device keeps; null where it keeps none. */
export async function pageVersion(): Promise<string | null> {
  if (!('caches' in globalThis)) return null
  const names = await caches.keys()
  return names.find((name) => name.startsWith(PREFIX))?.slice(PREFIX.length) ?? null
}
