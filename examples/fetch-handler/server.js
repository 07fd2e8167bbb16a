// The same for frameworks whose handlers are `(Request) => Promise<Response>`: Hono, Next, Deno, Bun.
//
//   node examples/fetch-handler/server.js DATA-FOLDER
import { createServer } from 'node:http'
import { queries } from '@netcert/schemas'
import { problemOf, verifier } from '@netcert/verifier'
import { openPlatformVerifier } from '@netcert/verifier/server'

const [, , dir = 'verifier'] = process.argv
const opened = await openPlatformVerifier({ dir, allowHttpLoopback: true })
const netcert = verifier({ ...opened, queries })

/** @param {Request} request */
async function handle(request) {
  const { pathname } = new URL(request.url)
  if (pathname.startsWith(`${netcert.basePath}/`)) return netcert.handler(request)
  if (pathname !== '/buy' || request.method !== 'POST') return new Response(null, { status: 404 })
  try {
    const header = (/** @type {string} */ name) => request.headers.get(name)
    const { issuer } = await netcert.redeem({ header }, 'age-over-18')
    return Response.json({ sold: true, issuer })
  } catch (error) {
    const { status, code, description } = problemOf(error)
    return Response.json({ error: code, error_description: description }, { status })
  }
}

const { origin, port } = new URL(opened.baseUrl)

// Node has no server of this kind of its own; other platforms call `handle` themselves.
/** @param {import('node:http').IncomingMessage} incoming @param {import('node:http').ServerResponse} outgoing */
async function serve(incoming, outgoing) {
  const { method = 'GET', url = '/' } = incoming
  const hasBody = method !== 'GET' && method !== 'HEAD'
  const request = new Request(new URL(url, origin), {
    method,
    headers: Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
    ...(hasBody ? { body: /** @type {any} */ (incoming), duplex: 'half' } : {}),
  })
  const response = await handle(request)
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  outgoing.end(await response.text())
}

const server = createServer((incoming, outgoing) => void serve(incoming, outgoing))
server.listen(Number(port), '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ ready: true, url: origin })}\n`)
})
process.once('SIGTERM', () => server.close(() => void opened.close()))
