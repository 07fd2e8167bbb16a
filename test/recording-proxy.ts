import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'

/** Stands before a server and keeps every byte that reaches it. */
export type RecordingProxy = {
  /** Addresses, headers and bodies, as they came. */
  readonly received: () => Buffer
  readonly close: () => Promise<void>
}

export async function startRecordingProxy(options: {
  readonly port: number
  readonly to: number
}): Promise<RecordingProxy> {
  const chunks: Buffer[] = []
  const server = createServer((incoming, outgoing) => {
    chunks.push(
      Buffer.from(`${incoming.method} ${incoming.url}\n${incoming.rawHeaders.join('\n')}\n`),
    )
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    forward(options.to, incoming, outgoing)
  })
  server.listen(options.port, '127.0.0.1')
  await once(server, 'listening')
  return {
    received: () => Buffer.concat(chunks),
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function forward(port: number, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { method, url, headers } = incoming
  const onward = request({ host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(outgoing)
  })
  onward.on('error', () => outgoing.destroy())
  incoming.pipe(onward)
}
