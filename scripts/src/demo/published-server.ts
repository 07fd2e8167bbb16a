import { open } from 'node:fs/promises'
import { constants } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { join } from 'node:path'

/** Names that `publish` writes: nothing else is ever served. */
const served = /^\/(?:[a-z-]+\/)?[a-z0-9-]+\.(jwt|json)$/

const contentTypes = { jwt: 'application/jwt', json: 'application/json' } as const

/**
 * Serves the folder that `publish` writes, as any static web server would: GET and HEAD, no
 * listing, no cookies, nothing written down about who asked.
 */
export function createPublishedServer(dir: string): Server {
  const server = createServer((request, response) => {
    answer(dir, request, response).catch(() => response.destroy())
  })
  server.requestTimeout = 10_000
  server.headersTimeout = 5_000
  server.maxConnections = 100
  return server
}

async function answer(dir: string, request: IncomingMessage, response: ServerResponse) {
  const path = (request.url ?? '').split('?', 1)[0] ?? ''
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return end(response.setHeader('allow', 'GET, HEAD'), 405)
  }
  const ending = served.exec(path)?.[1]
  if (ending !== 'jwt' && ending !== 'json') return end(response, 404)
  const file = await open(join(dir, path), constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => null)
  if (file === null) return end(response, 404)
  try {
    if (!(await file.stat()).isFile()) return end(response, 404)
    const bytes = await file.readFile()
    const type = path.startsWith('/status/') ? 'application/statuslist+jwt' : contentTypes[ending]
    response.writeHead(200, {
      'content-type': type,
      'content-length': bytes.length,
      'cache-control': 'public, max-age=300',
      'access-control-allow-origin': '*',
      'x-content-type-options': 'nosniff',
    })
    response.end(request.method === 'HEAD' ? undefined : bytes)
  } finally {
    await file.close()
  }
}

function end(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'text/plain', 'content-length': 0 }).end()
}
