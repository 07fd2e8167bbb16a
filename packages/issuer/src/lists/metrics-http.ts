import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { IssuerError } from '../issuer-error.js'
import type { PublicationMetrics } from './publication-metrics.js'

export type MetricsServerOptions = {
  readonly metrics: Pick<PublicationMetrics, 'contentType' | 'read'>
  readonly port: number
  /** This machine alone unless the operator says otherwise. */
  readonly host: string
  readonly onFailure: (error: unknown) => void
}

/** Answers `GET /metrics` and nothing else. @throws IssuerError `address_in_use`. */
export async function serveMetrics(options: MetricsServerOptions): Promise<{
  readonly port: number
  close(): Promise<void>
}> {
  const { metrics, port, host, onFailure } = options
  const server = createServer(
    { requestTimeout: 10_000, headersTimeout: 5_000 },
    (request, answer) => {
      const headers = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }
      if (request.url !== '/metrics') return void answer.writeHead(404, headers).end()
      if (request.method !== 'GET') {
        return void answer.writeHead(405, { ...headers, allow: 'GET' }).end()
      }
      metrics.read().then(
        (text) =>
          answer.writeHead(200, { ...headers, 'content-type': metrics.contentType }).end(text),
        (error: unknown) => {
          onFailure(error)
          answer.writeHead(500, headers).end()
        },
      )
    },
  )
  server.maxConnections = 16
  const listening = await listen(server, port, host)
  return {
    port: listening,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (cause) {
    const text = `Metrics cannot be served on port ${port} of ${host}; name another one.`
    throw new IssuerError('address_in_use', text, { cause })
  }
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : port
}
