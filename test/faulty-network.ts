import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * What happens to a request. `refused`: it does not reach the server. `lost`: it does, its answer does not
 * come back. `cut`: half of the answer comes back. `held`: it waits until it is let go.
 */
export type Fault = 'refused' | 'lost' | 'cut' | 'held'

/** A request that met its fault. */
export type Met = {
  /** Lets a held one go on, whether somebody still waits for it or not. */
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

/** A request that came by, whole: it can go on after its browser has given up. */
type Passing = {
  readonly url: URL
  readonly method: string
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
  readonly outgoing: ServerResponse
}

export async function startFaultyNetwork(): Promise<FaultyNetwork> {
  const traps: Trap[] = []
  const seen: string[] = []
  const pass = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { method = 'GET', headers } = incoming
    const url = new URL(incoming.url ?? '/', 'http://127.0.0.1')
    const passing = { url, method, headers, body: await bodyOf(incoming), outgoing }
    if (method === 'OPTIONS') return forward(passing, null)
    seen.push(url.pathname)
    const at = traps.findIndex(({ path }) => path.test(url.pathname))
    const [trap] = at < 0 ? [] : traps.splice(at, 1)
    if (trap === undefined) forward(passing, null)
    else spring(trap, passing)
  }
  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => outgoing.destroy())
  })
  server.listen(0, '127.0.0.1')
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

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of message) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

function spring({ fault, met }: Trap, passing: Passing): void {
  if (fault === 'refused') passing.outgoing.destroy()
  else if (fault !== 'held') forward(passing, fault)
  met({ go: () => (fault === 'held' ? forward(passing, null) : undefined) })
}

function forward(passing: Passing, fault: 'lost' | 'cut' | null): void {
  const { url, method, headers, body, outgoing } = passing
  const path = url.pathname + url.search
  const to = { method, headers, path, host: '127.0.0.1', port: url.port }
  const onward = request(to, (answer) => {
    const giveBack = async () => {
      const whole = await bodyOf(answer)
      if (fault === 'lost') return void outgoing.destroy()
      // Over a connection that was used before, a browser sends anew by itself what got no answer.
      const back = { ...answer.headers, connection: 'close' }
      if (method !== 'HEAD') Object.assign(back, { 'content-length': String(whole.length) })
      Reflect.deleteProperty(back, 'transfer-encoding')
      outgoing.writeHead(answer.statusCode ?? 502, back)
      if (fault === null) return void outgoing.end(whole)
      outgoing.write(whole.subarray(0, whole.length >> 1), () => outgoing.destroy())
    }
    giveBack().catch(() => outgoing.destroy())
  })
  onward.on('error', () => outgoing.destroy())
  onward.end(body)
}
