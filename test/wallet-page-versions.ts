import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The page of a wallet at an address of its own, of which a newer version can come out. */
export type VersionedPage = {
  readonly url: string
  /** From now on serves a page that differs in one file, and the service worker that goes with it. */
  publish(version: string): void
  /** From now on serves the worker of a new version with files that are not the ones it names. */
  publishTorn(): void
  /** While true, a word of its host stands in the place of the settings, as if all were well. */
  isBeingMoved: boolean
  close(): Promise<void>
}

const SETTINGS = 'wallet.json'
const WORKER = 'service-worker.js'
const PAGE = 'index.html'

/** Stands before a served page. `meta[name=version]` of the document says which version it is of. */
export async function startVersionedPage(served: string): Promise<VersionedPage> {
  let version = ''
  let isTorn = false
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const path = (request.url ?? '/').slice(1)
    if (path === SETTINGS && page.isBeingMoved) return void response.end('<h1>Back soon</h1>')
    const { status, headers, body } = await take(served, path)
    const older = (await take(served, PAGE)).body.toString()
    const newer = older.replace('<head>', `<head><meta name="version" content="${version}">`)
    for (const name of ['content-type', 'content-security-policy', 'permissions-policy']) {
      const value = headers.get(name)
      if (value !== null) response.setHeader(name, value)
    }
    response.setHeader('cache-control', 'no-cache')
    response.statusCode = status
    if (version === '') return void response.end(body)
    if (path === WORKER) {
      return void response.end(body.toString().replace(digestOf(older), digestOf(newer)))
    }
    const isPage = path === '' || path === PAGE
    response.end(isPage && !isTorn ? newer : body)
  }
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.writeHead(502).end())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const page: VersionedPage = {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    isBeingMoved: false,
    publish: (name) => {
      version = name
      isTorn = false
    },
    publishTorn: () => {
      version = 'torn'
      isTorn = true
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return page
}

async function take(served: string, path: string) {
  const answer = await fetch(new URL(path, served))
  const body = Buffer.from(await answer.arrayBuffer())
  return { status: answer.status, headers: answer.headers, body }
}

/** As the service worker's list of files has it. */
const digestOf = (page: string): string =>
  `sha256-${createHash('sha256').update(page).digest('base64')}`
