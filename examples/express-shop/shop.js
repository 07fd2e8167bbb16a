// A shop that sells to adults and knows its customers by their platform number. The lines that matter
// are the ones with `netcert`.
//
//   node examples/express-shop/shop.js DATA-FOLDER
//
// DATA-FOLDER is a verifier's (`netcert verifier init --base-url http://127.0.0.1:8700/netcert …`). To be asked
// for a number people want to see an accreditation: `netcert verifier accredit FILE`. Without one the shop sells,
// and has no accounts.
import { fileURLToPath } from 'node:url'
import { queries } from '@netcert/schemas'
import { accountKeyOf, verifier } from '@netcert/verifier'
import { asExpress } from '@netcert/verifier/express'
import { openPlatformVerifier } from '@netcert/verifier/server'
import express from 'express'

const [, , dir = 'verifier'] = process.argv
// Plain http is for trying it out on one machine; a real shop leaves the flag out.
const opened = await openPlatformVerifier({ dir, allowHttpLoopback: true })

/** Visits by account; a real shop has a database. @type {Map<string, number>} */
const accounts = new Map()

const netcert = asExpress(
  verifier({
    ...opened,
    queries,
    // A citizen's deletion request, proven by the certificate of the account.
    forget: (account) => {
      accounts.delete(account)
      return { state: 'deleted' }
    },
  }),
)

const app = express()
app.use(netcert.routes)
app.post('/buy', netcert.certificate('age-over-18'), (request, response) => {
  const { issuer, freshness } = /** @type {any} */ (request).netcert
  response.json({ sold: true, issuer, asOf: freshness.asOf })
})
app.post('/enter', netcert.certificate('sign-in'), (request, response) => {
  const result = /** @type {any} */ (request).netcert
  // Issuer, number and role: a guardian's copy never opens the young person's account.
  const account = accountKeyOf(result)
  const visits = (accounts.get(account) ?? 0) + 1
  accounts.set(account, visits)
  response.json({ number: result.platformNumber, visits })
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
