import { type FileHandle, open } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { VerifierError } from './errors.js'
import { LATEST_PACK, openGatePage } from './gate-page.js'
import { type PageServer, startPageServer } from './page-server.js'
import { answerStaticPage, type StaticPage } from './static-page.js'

/** Who takes nothing of a pack for so long is gone, or keeps others from it. */
const STALLED_MILLISECONDS = 30_000

/** What is served below one path. */
export type GatePageRoutes = {
  readonly page: StaticPage
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
  if (path.replace(/^\//, '') === LATEST_PACK) return sendPack(routes, request, response)
  return answerStaticPage(routes.page, request, response, path)
}

async function sendPack(
  { latestPack }: GatePageRoutes,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const path = await latestPack()
  const file = path === null ? null : await open(path).catch(() => null)
  if (file === null) return false
  try {
    await sendFile(file, request, response)
  } finally {
    await file.close()
  }
  return true
}

/** From the file that was opened: under its name a newer pack may lie by now, of another length. */
async function sendFile(
  file: FileHandle,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { size } = await file.stat()
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-length': size,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
  })
  if (request.method === 'HEAD' || size === 0) return void response.end()
  response.setTimeout(STALLED_MILLISECONDS, () => response.destroy())
  // Streamed: a pack of a whole country is never in memory. Who hangs up is nobody's fault.
  const bytes = file.createReadStream({ autoClose: false, end: size - 1 })
  await pipeline(bytes, response).catch(() => response.destroy())
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
export type GatePageServer = PageServer

const PORT = 8650

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
  return startPageServer({
    ...{ host, port },
    answer: (request, response, path) => answerGatePage(routes, request, response, path),
  })
}
