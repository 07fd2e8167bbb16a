import { addressOf, type Fetching, keepPage } from '@netcert/page/service-worker'

/** Who the issuer is: of whoever serves the page, so it belongs to no version. */
const SETTINGS = 'wallet.json'
const SETTINGS_CACHE = 'settings-of-netcert-wallet'

keepPage({
  prefix: 'netcert-wallet-',
  unversioned: { file: SETTINGS, keep: keepSettings, answer: answerSettings },
})

async function keepSettings(): Promise<Response> {
  const cache = await caches.open(SETTINGS_CACHE)
  const fresh = await fetch(addressOf(SETTINGS), { cache: 'no-cache', credentials: 'omit' })
  // A page that says "back soon" with a 200 would shut the wallet, for as long as there is no network.
  if (fresh.ok && (await isJson(fresh.clone()))) await cache.put(addressOf(SETTINGS), fresh.clone())
  return fresh
}

function isJson(answer: Response): Promise<boolean> {
  return answer.json().then(
    () => true,
    () => false,
  )
}

/** What is kept, at once; what is new is kept for the next time. */
async function answerSettings(fetching: Fetching): Promise<Response> {
  const kept = await (await caches.open(SETTINGS_CACHE)).match(addressOf(SETTINGS))
  const fresh = keepSettings()
  if (kept === undefined) return fresh
  fetching.waitUntil(fresh.catch(() => undefined))
  return kept
}
