import { once } from 'node:events'
import {
  createServer,
  type IncomingMessage,
  request,
  type RequestOptions,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * What happens to a request. `refused`: it does not reach the server. `lost`: it does, its answer does not
 * come back. `cut`: half of the answer comes back. `held`: it waits until it is let go.
 */
export type Fault = 'refused' | 'lost' | 'cut' | 'held'

/** A request that met its fault. */
export type Met = {
  /** Lets a held one go on, as if nothing had been. */
  go(): void
}

/** All the network of a browser: a forward proxy that spoils what it is told to. */
export type FaultyNetwork = {
  /** For the browser's settings. */
  readonly proxy: { readonly server: string }
  /** Spoils the next request (no preflight) whose path this fits; comes once one has met its fault. */
  next(path: RegExp, fault: Fault): Promise<Met>
  /** How many requests (no preflights) for such a path came by. */
  count(path: RegExp): number
  close(): Promise<void>
}

type Trap = {
  readonly path: RegExp
  readonly fault: Fault
  readonly met: (met: Met) => void
}

export async function startFaultyNetwork(): Promise<FaultyNetwork> {
  const traps: Trap[] = []
  const seen: string[] = []
  const server = createServer((incoming, outgoing) => {
    incoming.on('error', () => undefined)
    outgoing.on('error', () => undefined)
    const url = new URL(incoming.url ?? '/', 'http://127.0.0.1')
    const isAsked = incoming.method !== 'OPTIONS'
    if (isAsked) seen.push(url.pathname)
    const at = isAsked ? traps.findIndex(({ path }) => path.test(url.pathname)) : -1
    const [trap] = at < 0 ? [] : traps.splice(at, 1)
    if (trap === undefined) forward(url, incoming, outgoing)
    else spring(trap, () => forward(url, incoming, outgoing, trap.fault), outgoing)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    proxy: { server: `http://127.0.0.1:${port}` },
    next: (path, fault) => new Promise((met) => traps.push({ path, fault, met })),
    count: (path) => seen.filter((it) => path.test(it)).length,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function spring({ fault, met }: Trap, onward: () => void, outgoing: ServerResponse): void {
  if (fault === 'held') return met({ go: onward })
  met({ go: () => undefined })
  if (fault === 'refused') outgoing.destroy()
  else onward()
}

function forward(
  url: URL,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  fault: Fault = 'held',
): void {
  const { method = 'GET', headers } = incoming
  const to: RequestOptions = { method, headers, path: url.pathname + url.search }
  const onward = request({ ...to, host: '127.0.0.1', port: url.port }, (answer) => {
    if (fault === 'held') {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      return void answer.pipe(outgoing)
    }
    const parts: Buffer[] = []
    answer.on('data', (part: Buffer) => parts.push(part))
    answer.once('end', () => {
      if (fault === 'lost') return void outgoing.destroy()
      // The head promises the whole of it.
      const whole = Buffer.concat(parts)
      outgoing.writeHead(answer.statusCode ?? 502, {
        ...answer.headers,
        'content-length': whole.length,
      })
      outgoing.write(whole.subarray(0, whole.length >> 1), () => outgoing.destroy())
    })
  })
  onward.on('error', () => outgoing.destroy())
  incoming.pipe(onward)
}
