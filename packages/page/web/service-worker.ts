type OfflineFile = readonly [name: string, integrity: string]
type Extendable = Event & { waitUntil(work: Promise<unknown>): void }
/** A request of the page, on its way. */
export type Fetching = Extendable & {
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
const PAGE = 'index.html'

/** How a page is kept. */
export type Keeping = {
  /** How the names of its caches begin; the rest is the version. */
  readonly prefix: string
  /** A file of whoever serves the page, which belongs to no version. */
  readonly unversioned?: Unversioned
}

type Unversioned = {
  readonly file: string
  keep(): Promise<unknown>
  answer(fetching: Fetching): Promise<Response>
}

/**
 * Keeps the whole page on the device, so that it opens with no network. It is versioned by the
 * digests of its files; a new version waits until a person lets it take over.
 */
export function keepPage({ prefix, unversioned }: Keeping): void {
  const name = `${prefix}${versionOf(files)}`
  worker.addEventListener('install', (event) => {
    const kept = keepFiles(name).then(() => unversioned?.keep())
    ;(event as Extendable).waitUntil(kept)
  })
  worker.addEventListener('activate', (event) => {
    ;(event as Extendable).waitUntil(takeOver(prefix, name))
  })
  worker.addEventListener('message', (event) => {
    if ((event as MessageEvent<unknown>).data === 'take-over') void worker.skipWaiting()
  })
  worker.addEventListener('fetch', (event) => {
    const fetching = event as Fetching
    const { request } = fetching
    const kept = keptName(request)
    if (unversioned !== undefined && request.url === addressOf(unversioned.file))
      fetching.respondWith(unversioned.answer(fetching))
    else if (kept !== null) fetching.respondWith(answer(name, kept, request))
  })
}

/** All or nothing: a file that is not the one of this version stops the installation. */
async function keepFiles(name: string): Promise<void> {
  const cache = await caches.open(name)
  const requests = files.map(
    ([file, integrity]) => new Request(addressOf(file), { cache: 'reload', integrity }),
  )
  await cache.addAll(requests)
}

async function takeOver(prefix: string, name: string): Promise<void> {
  const names = await caches.keys()
  const older = names.filter((it) => it.startsWith(prefix) && it !== name)
  await Promise.all(older.map((it) => caches.delete(it)))
  await worker.clients.claim()
}

/** Which kept file a request means; null for whatever goes to the network, the pack for one. */
function keptName(request: Request): string | null {
  if (request.method !== 'GET' || !request.url.startsWith(worker.registration.scope)) return null
  if (request.mode === 'navigate') return PAGE
  const path = new URL(request.url).pathname
  const file = path.slice(new URL(worker.registration.scope).pathname.length)
  return files.some(([known]) => known === file) ? file : null
}

async function answer(name: string, file: string, request: Request): Promise<Response> {
  const cache = await caches.open(name)
  return (await cache.match(addressOf(file))) ?? fetch(request)
}

/** Where a file of the page is asked for. */
export function addressOf(file: string): string {
  return new URL(file, worker.registration.scope).href
}

/** Short, and different as soon as one file is. */
function versionOf(list: readonly OfflineFile[]): string {
  let sum = 0
  for (const char of JSON.stringify(list)) sum = (Math.imul(sum, 31) + char.charCodeAt(0)) | 0
  return (sum >>> 0).toString(36)
}
