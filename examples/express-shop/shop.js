// A shop that sells to adults. The lines that matter are the ones with `netcert`.
//
//   node examples/express-shop/shop.js DATA-FOLDER
//
// DATA-FOLDER is a verifier's (`netcert verifier init --base-url http://127.0.0.1:8700/netcert …`).
import { fileURLToPath } from 'node:url'
import { queries } from '@netcert/schemas'
import { verifier } from '@netcert/verifier'
import { asExpress } from '@netcert/verifier/express'
import { openPlatformVerifier } from '@netcert/verifier/server'
import express from 'express'

const [, , dir = 'verifier'] = process.argv
// Plain http is for trying it out on one machine; a real shop leaves the flag out.
const opened = await openPlatformVerifier({ dir, allowHttpLoopback: true })
const netcert = asExpress(verifier({ ...opened, queries }))

const app = express()
app.use(netcert.routes)
app.post('/buy', netcert.certificate('age-over-18'), (request, response) => {
  const { issuer, freshness } = /** @type {any} */ (request).netcert
  response.json({ sold: true, issuer, asOf: freshness.asOf })
})
app.use((_request, response, next) => {
  response.set('content-security-policy', "default-src 'self'; require-trusted-types-for 'script'")
  next()
})
app.use(express.static(fileURLToPath(new URL('public', import.meta.url))))

const { origin, port } = new URL(opened.baseUrl)
const server = app.listen(Number(port), '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ ready: true, url: origin })}\n`)
})
process.once('SIGTERM', () => server.close(() => void opened.close()))
