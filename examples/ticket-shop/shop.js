// A box office: one ticket of a show for each person, some shows for adults, and customers who sign in with
// their platform number. Nobody's name is in it. The lines that matter are the ones with `netcert`.
//
//   node examples/ticket-shop/shop.js DATA-FOLDER [WALLET-URL]
//
// WALLET-URL is a wallet that is a web page (`netcert serve wallet`), for people on the same device.
// DATA-FOLDER is a verifier's (`netcert verifier init --base-url http://127.0.0.1:8700/netcert …`) with an
// accreditation for a number, real_person, presence_at and "18 or older" (`netcert verifier accredit FILE`).
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { queries } from '@netcert/schemas'
import { accountKeyOf, signIn, verifiedByOtherMeans } from '@netcert/verifier'
import { asExpressSignIn } from '@netcert/verifier/express'
import { openPlatformVerifier } from '@netcert/verifier/server'
import express from 'express'
import { rateLimit } from 'express-rate-limit'
import { openBoxOffice, readEverything } from './box-office.js'
import { openCounter } from './counter.js'
import { shows } from './public/shows.js'

const [, , dir = 'verifier', walletUrl] = process.argv
// Plain http is for trying it out on one machine; a real shop leaves the flag out.
const opened = await openPlatformVerifier({ dir, allowHttpLoopback: true })
const office = await openBoxOffice(join(dir, 'tickets.sqlite'))

/** Whoever showed a document at the counter; here two slips of one customer, to try it. */
const counter = openCounter()
const slips = [counter.write('c-1'), counter.write('c-1')]

/**
 * What a ticket takes: this person's number here, and for some shows that they are of age. A question for
 * each show: an answer to one gets no ticket of another.
 */
const tickets = Object.fromEntries(
  shows.map(({ id, adults }) => [
    `ticket-${id}`,
    adults ? withClaim(queries.ticketing) : queries.ticketing,
  ]),
)

const netcert = asExpressSignIn(
  signIn({
    ...opened,
    queries: { ...queries, ...tickets },
    ...(walletUrl === undefined ? {} : { walletUrl }),
    // The certificate is voluntary: the counter leads to the same result, and so to the same service.
    otherMeans: ({ header }) => {
      const slip = counter.take(header('shop-slip') ?? '')
      if (slip === null) return null
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
    forgetUser: async (account) => {
      await office.forget(account)
      return { state: 'deleted' }
    },
  }),
)

const app = express()
app.disable('x-powered-by')
// Before everything that answers: a policy that comes later covers only what comes later.
const policy = [
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'",
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "require-trusted-types-for 'script'; trusted-types 'none'",
].join('; ')
app.use((_request, response, next) => {
  response.set({
    'content-security-policy': policy,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  })
  next()
})
// Numbers of slips are not guessed: ten tries in a quarter of an hour from one address. Behind a proxy
// express has to be told of it (`trust proxy`), or everybody counts as one.
app.use(
  rateLimit({
    ...{ windowMs: 15 * 60_000, limit: 10, standardHeaders: 'draft-8', legacyHeaders: false },
    skip: (request) => request.get('shop-slip') === undefined,
    message: { error: 'too_many_tries' },
  }),
)
app.use(netcert.routes)
app.get('/tickets', netcert.requireAccount, async (request, response) => {
  response.json({ tickets: await office.of(String(request.account?.account)) })
})
for (const show of shows) {
  const letIn = netcert.certificate(`ticket-${show.id}`)
  app.post(`/tickets/${show.id}`, letIn, async (request, response) => {
    const { netcert: person } = request
    if (person === undefined) throw new TypeError('nobody was let through')
    const key = accountKeyOf(person)
    const { id: customer, flag } =
      (await opened.accounts.find(key)) ?? (await opened.accounts.create(key, randomUUID()))
    if (flag !== null) return void response.status(403).json({ error: 'account_flagged' })
    const number = person.means === 'certificate' ? (person.platformNumber ?? null) : null
    const sold = await office.sell({ show: show.id, customer, number, adult: show.adults })
    if (sold === null) return void response.status(409).json({ error: 'ticket_held' })
    response.json({ ticket: sold, means: person.means, asOf: person.freshness.asOf })
  })
}
// A real shop has no such page. This one shows that there is nothing to hide.
app.get('/everything', async (_request, response) => {
  const files = ['tickets.sqlite', 'verifier.sqlite'].map((name) => join(dir, name))
  response.json({ tables: (await Promise.all(files.map(readEverything))).flat() })
})

app.use(express.static(fileURLToPath(new URL('public', import.meta.url)), { extensions: ['html'] }))
app.use(answerFailure)

const { origin, port } = new URL(opened.baseUrl)
const server = app.listen(Number(port), '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ ready: true, url: origin, slips })}\n`)
})
process.once('SIGTERM', () => server.close(() => void office.close().then(opened.close)))

/**
 * Express would show a visitor where it went wrong, line by line. They get a number, and the log the rest.
 *
 * @type {express.ErrorRequestHandler}
 */
function answerFailure(error, _request, response, next) {
  if (response.headersSent) return next(error)
  const id = randomUUID()
  process.stderr.write(`${id} ${error?.stack}\n`)
  response.status(500).json({ error: 'server_error', id })
}

/** The same question, and whether they are 18 or older. @param {any} query */
function withClaim(query) {
  const [asked] = query.credentials
  const adult = { path: ['age_equal_or_over', '18'], values: [true] }
  return { ...query, credentials: [{ ...asked, claims: [...asked.claims, adult] }] }
}
