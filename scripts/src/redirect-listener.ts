import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Waits on this machine for the browser that comes back from signing in. */
export type RedirectListener = {
  readonly redirectUri: string
  /** The address it came back with; null when nobody came in time. */
  wait(): Promise<string | null>
  close(): Promise<void>
}

const WAIT_MILLISECONDS = 600_000

/** Listens on a free port of the loopback address (RFC 8252 §7.3). */
export async function listenForRedirect(): Promise<RedirectListener> {
  let come: (url: string | null) => void = () => {}
  const came = new Promise<string | null>((resolve) => (come = resolve))
  const server = createServer((request, response) => {
    const isRedirect = request.method === 'GET' && request.url?.startsWith('/signed-in?') === true
    response.writeHead(isRedirect ? 200 : 404, {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      connection: 'close',
    })
    response.end(isRedirect ? 'You can close this page. / 可以关闭此页面。\n' : 'Not found.\n')
    if (isRedirect) come(`${origin}${request.url}`)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    redirectUri: `${origin}/signed-in`,
    wait: () => {
      const late = setTimeout(() => come(null), WAIT_MILLISECONDS)
      return came.finally(() => clearTimeout(late))
    },
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
