// A shop that sells to adults, and whose customers sign in with their platform number. The lines that
// matter are the ones with `netcert`.
//
//   node examples/express-shop/shop.js DATA-FOLDER
//
// DATA-FOLDER is a verifier's (`netcert verifier init --base-url http://127.0.0.1:8700/netcert …`). To be asked
// for a number people want to see an accreditation: `netcert verifier accredit FILE`. Without one the shop sells,
// and has no accounts.
import { randomInt } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { queries } from '@netcert/schemas'
import { signIn, verifiedByOtherMeans } from '@netcert/verifier'
import { asExpressSignIn } from '@netcert/verifier/express'
import { openPlatformVerifier } from '@netcert/verifier/server'
import express from 'express'

const [, , dir = 'verifier'] = process.argv
// Plain http is for trying it out on one machine; a real shop leaves the flag out.
const opened = await openPlatformVerifier({ dir, allowHttpLoopback: true })

/** Visits by account; a real shop has a database. @type {Map<string, number>} */
const visits = new Map()

/** Whoever showed a document at the counter, by the code on their slip; here one slip, to try it. */
const slips = new Map([[String(randomInt(1e7, 1e8)), { customer: 'c-1', checkedAt: new Date() }]])

const netcert = asExpressSignIn(
  signIn({
    ...opened,
    queries,
    // The certificate is voluntary: the counter leads to the same result, and so to the same service.
    otherMeans: ({ header }) => {
      const slip = slips.get(header('shop-slip') ?? '')
      if (slip === undefined) return null
      return verifiedByOtherMeans({
        ...{ checkedBy: 'counter', role: 'self', platformNumber: slip.customer },
        ...{ assurance: 'document', facts: { age_equal_or_over: { 18: true } } },
        ...{ checkedAt: slip.checkedAt, now: new Date() },
      })
    },
    reAuthentication: {
      alternatives: [{ 'zh-CN': '到柜台出示证件', en: 'Show a document at our counter' }],
    },
    // A citizen's deletion request, proven by the certificate of the account.
    forgetUser: (account) => {
      visits.delete(account)
      return { state: 'deleted' }
    },
  }),
)

const app = express()
app.use(netcert.routes)
app.post('/buy', netcert.certificate('age-over-18'), (request, response) => {
  const { means, freshness } = /** @type {any} */ (request).netcert
  response.json({ sold: true, means, asOf: freshness.asOf })
})
app.post('/visits', netcert.requireAccount, (request, response) => {
  const { account } = /** @type {any} */ (request).account
  visits.set(account, (visits.get(account) ?? 0) + 1)
  response.json({ visits: visits.get(account) })
})

const policy = [
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'",
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "require-trusted-types-for 'script'; trusted-types 'none'",
].join('; ')
app.use((_request, response, next) => {
  response.set({ 'content-security-policy': policy, 'referrer-policy': 'no-referrer' })
  next()
})
app.use(express.static(fileURLToPath(new URL('public', import.meta.url)), { extensions: ['html'] }))

const { origin, port } = new URL(opened.baseUrl)
const server = app.listen(Number(port), '127.0.0.1', () => {
  const [slip] = slips.keys()
  process.stdout.write(`${JSON.stringify({ ready: true, url: origin, slip })}\n`)
})
process.once('SIGTERM', () => server.close(() => void opened.close()))
