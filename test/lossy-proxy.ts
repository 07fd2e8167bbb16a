import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'

/** Stands before a server and loses answers where it is told to. */
export type LossyProxy = {
  /** The next answer to a request of that path never arrives; the request does. */
  loseNext(path: string): void
  close(): Promise<void>
}

export async function startLossyProxy(options: {
  readonly port: number
  readonly to: number
}): Promise<LossyProxy> {
  let lost: string | null = null
  const forward = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const { method, url, headers } = incoming
    const onward = request(
      { host: '127.0.0.1', port: options.to, method, path: url, headers },
      (answer) => {
        const isLost = lost !== null && lost === url
        if (!isLost) {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
          return void answer.pipe(outgoing)
        }
        lost = null
        answer.resume().once('end', () => outgoing.destroy())
      },
    )
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  }
  const server = createServer(forward)
  server.listen(options.port, '127.0.0.1')
  await once(server, 'listening')
  return {
    loseNext: (path) => {
      lost = path
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
