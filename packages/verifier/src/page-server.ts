import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Where a page is served. */
export type PageServerOptions = {
  readonly host: string
  /** 0 for any. */
  readonly port: number
  /** Answers a request for a path; false: there is nothing there. */
  readonly answer: (
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
  ) => Promise<boolean>
}

/** A served page. */
export type PageServer = { readonly url: string; close(): Promise<void> }

const SERVER_OPTIONS = { headersTimeout: 5_000, requestTimeout: 10_000, maxHeaderSize: 16 * 1024 }

/** Serves the files of a page, and nothing else. */
export async function startPageServer(options: PageServerOptions): Promise<PageServer> {
  const server = createServer(SERVER_OPTIONS, (request, response) => {
    void answer(options, request, response)
  })
  server.maxConnections = 1_000
  server.listen(options.port, options.host)
  await once(server, 'listening')
  const { port: given, address, family } = server.address() as AddressInfo
  const name = family === 'IPv6' ? `[${address}]` : address
  return { url: `http://${name}:${given}/`, close: () => closeServer(server) }
}

async function answer(
  options: PageServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    // No address is more than a path here: whatever else one says has no answer.
    const [pathname = ''] = (request.url ?? '').split('?')
    if (await options.answer(request, response, pathname)) return
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
