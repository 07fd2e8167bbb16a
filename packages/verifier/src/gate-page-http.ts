import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { VerifierError } from './errors.js'
import { type GatePage, LATEST_PACK, openGatePage } from './gate-page.js'

/** What is served below one path. */
export type GatePageRoutes = {
  readonly page: GatePage
  /** File of the newest full pack at hand; null: none is. Asked for each time. */
  readonly latestPack: () => Promise<string | null>
}

/**
 * Answers a request for the page of a gate.
 *
 * @param path - Below where the page is mounted, without its query.
 * @returns false when it is none of the page's files
 */
export async function answerGatePage(
  routes: GatePageRoutes,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<boolean> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false
  const name = path.replace(/^\//, '')
  if (name === LATEST_PACK) return sendPack(routes, request, response)
  const file = routes.page.file(name)
  if (file === null) return false
  const { body, coding } = await file.bytes(String(request.headers['accept-encoding'] ?? ''))
  response.writeHead(200, {
    ...file.headers,
    ...(coding === undefined ? {} : { 'content-encoding': coding }),
    'content-length': body.length,
  })
  response.end(request.method === 'HEAD' ? undefined : body)
  return true
}

async function sendPack(
  { latestPack }: GatePageRoutes,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const path = await latestPack()
  const found = path === null ? null : await stat(path).catch(() => null)
  if (path === null || found === null) return false
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-length': found.size,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
  })
  if (request.method === 'HEAD') response.end()
  // Streamed: a pack of a whole country is never in memory. Who hangs up is nobody's fault.
  else await pipeline(createReadStream(path), response).catch(() => response.destroy())
  return true
}

/** Options of {@link serveGatePage}. */
export type ServeGatePageOptions = {
  /** Default `127.0.0.1`: browsers give the camera to this machine, or to https in front of it. */
  readonly host?: string
  /** Default 8650; 0 for any. */
  readonly port?: number
  /** Pack that kiosks can fetch; absent: none. */
  readonly packFile?: string
}

/** A served page. */
export type GatePageServer = { readonly url: string; close(): Promise<void> }

const PORT = 8650
const SERVER_OPTIONS = { headersTimeout: 5_000, requestTimeout: 10_000, maxHeaderSize: 16 * 1024 }

/**
 * Serves the page of a gate, and nothing else: no lane, key or entry ever passes here.
 *
 * @throws VerifierError `config_invalid` where the page was not built
 */
export async function serveGatePage(options: ServeGatePageOptions = {}): Promise<GatePageServer> {
  const { host = '127.0.0.1', port = PORT, packFile = null } = options
  const page = await openGatePage()
  if (page === null) {
    throw new VerifierError('config_invalid', 'the page of the gate is not built: npm run build.')
  }
  const routes = { page, latestPack: async () => packFile }
  const server = createServer(SERVER_OPTIONS, (request, response) => {
    void answer(routes, request, response)
  })
  server.maxConnections = 1_000
  server.listen(port, host)
  await once(server, 'listening')
  const { port: given, address, family } = server.address() as AddressInfo
  const name = family === 'IPv6' ? `[${address}]` : address
  return { url: `http://${name}:${given}/`, close: () => closeServer(server) }
}

async function answer(
  routes: GatePageRoutes,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://gate.invalid')
  try {
    if (await answerGatePage(routes, request, response, pathname)) return
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' })
    response.end('not found\n')
  } catch {
    response.destroy()
  }
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
