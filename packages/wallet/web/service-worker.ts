/**
 * Keeps the whole page on the device, so that it opens with no network. It is versioned by the
 * digests of its files; a new version waits until a person lets it take over.
 */
/** A module, so that its names are its own; the build leaves nothing of it. */
export {}

type OfflineFile = readonly [name: string, integrity: string]
type Extendable = Event & { waitUntil(work: Promise<unknown>): void }
type Fetching = Extendable & {
  readonly request: Request
  respondWith(answer: Promise<Response>): void
}
type Scope = EventTarget & {
  readonly registration: { readonly scope: string }
  readonly clients: { claim(): Promise<void> }
  skipWaiting(): Promise<void>
}

const worker = globalThis as unknown as Scope
/** Filled in by the build. */
const files = JSON.parse('%OFFLINE_FILES%') as readonly OfflineFile[]
const PREFIX = 'netcert-wallet-'
const name = `${PREFIX}${versionOf(files)}`
const PAGE = 'index.html'
/** Who the issuer is: of whoever serves the page, so it belongs to no version. */
const SETTINGS = 'wallet.json'
const SETTINGS_CACHE = 'settings-of-netcert-wallet'

worker.addEventListener('install', (event) => {
  ;(event as Extendable).waitUntil(keepFiles())
})

worker.addEventListener('activate', (event) => {
  ;(event as Extendable).waitUntil(takeOver())
})

worker.addEventListener('message', (event) => {
  if ((event as MessageEvent<unknown>).data === 'take-over') void worker.skipWaiting()
})

worker.addEventListener('fetch', (event) => {
  const fetching = event as Fetching
  const kept = keptName(fetching.request)
  if (kept !== null) fetching.respondWith(answer(kept, fetching.request))
  if (fetching.request.url === addressOf(SETTINGS)) fetching.respondWith(answerSettings(fetching))
})

/** All or nothing: a file that is not the one of this version stops the installation. */
async function keepFiles(): Promise<void> {
  const cache = await caches.open(name)
  const requests = files.map(
    ([file, integrity]) => new Request(addressOf(file), { cache: 'reload', integrity }),
  )
  await cache.addAll(requests)
  await keepSettings()
}

async function keepSettings(): Promise<Response> {
  const cache = await caches.open(SETTINGS_CACHE)
  const fresh = await fetch(addressOf(SETTINGS), { cache: 'no-cache', credentials: 'omit' })
  if (fresh.ok) await cache.put(addressOf(SETTINGS), fresh.clone())
  return fresh
}

/** What is kept, at once; what is new is kept for the next time. */
async function answerSettings(fetching: Fetching): Promise<Response> {
  const kept = await (await caches.open(SETTINGS_CACHE)).match(addressOf(SETTINGS))
  const fresh = keepSettings()
  if (kept === undefined) return fresh
  fetching.waitUntil(fresh.catch(() => undefined))
  return kept
}

async function takeOver(): Promise<void> {
  const names = await caches.keys()
  const older = names.filter((it) => it.startsWith(PREFIX) && it !== name)
  await Promise.all(older.map((it) => caches.delete(it)))
  await worker.clients.claim()
}

/** Which kept file a request means; null for whatever goes to the network. */
function keptName(request: Request): string | null {
  if (request.method !== 'GET' || !request.url.startsWith(worker.registration.scope)) return null
  if (request.mode === 'navigate') return PAGE
  const path = new URL(request.url).pathname
  const file = path.slice(new URL(worker.registration.scope).pathname.length)
  return files.some(([known]) => known === file) ? file : null
}

async function answer(file: string, request: Request): Promise<Response> {
  const cache = await caches.open(name)
  return (await cache.match(addressOf(file))) ?? fetch(request)
}

function addressOf(file: string): string {
  return new URL(file, worker.registration.scope).href
}

/** Short, and different as soon as one file is. */
function versionOf(list: readonly OfflineFile[]): string {
  let sum = 0
  for (const char of JSON.stringify(list)) sum = (Math.imul(sum, 31) + char.charCodeAt(0)) | 0
  return (sum >>> 0).toString(36)
}
