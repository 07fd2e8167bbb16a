import { createServer, type Server } from 'node:http'
import { epochSeconds, type JsonObject, parseJsonObject } from '@netcert/credential'
import { parseQuery, type Query } from '@netcert/protocol'
import express, { type Express, type Request, type RequestHandler } from 'express'
import { ipKeyGenerator, rateLimit } from 'express-rate-limit'
import helmet from 'helmet'
import { VerifierError } from './errors.js'
import { asExpress } from './express.js'
import { answerGatePage, type GatePageRoutes } from './gate-page-http.js'
import {
  limitAddress,
  limitInFlight,
  observe,
  type RequestLine,
  renderError,
  renderNotFound,
} from './http-answer.js'
import type { Platform } from './platform.js'
import type { Verifier } from './verifier.js'

export type { RequestLine } from './http-answer.js'

const SESSION_BODY_BYTES = 64 * 1024
const PRESENTATION_BODY_BYTES = 200 * 1024
const MAX_JSON_DEPTH = 32

/** Requests from one address in a minute, before it is told to wait. */
const STARTS_PER_MINUTE = 120
const REQUESTS_PER_MINUTE = 1_200

/** Options of {@link createVerifierApp}. */
export type VerifierAppOptions = {
  /** For the platform's own back end, by session id; leave it out of a server on the internet. */
  readonly verifier?: Verifier
  /** For wallets and pages over OpenID4VP. */
  readonly platform?: Platform
  /** The page of a gate, at `/gate/`; absent: none is served. */
  readonly gatePage?: GatePageRoutes
  /** How many proxies in front name the caller in `X-Forwarded-For`. Default 0: none is believed. */
  readonly proxies?: number
  /**
   * A header that the operator's own proxy sets, and overwrites, with the address it speaks for:
   * limits count by it.
   */
  readonly addressHeader?: string
  readonly startsPerMinute?: number
  readonly requestsPerMinute?: number
  /** Queries that may be asked for by name. */
  readonly queries?: ReadonlyMap<string, Query>
  /** What GET /health adds; throws when this verifier cannot judge at the moment. */
  readonly health: () => JsonObject | Promise<JsonObject>
  readonly log?: (line: RequestLine) => void
}

/**
 * The verifier over HTTP.
 *
 * With `verifier`, for the platform's own back end and not meant for the open internet, since
 * whoever holds a session id gets the result: `POST /sessions` `{"query": name or DCQL}` ·
 * `POST /sessions/:id/presentation` `{"presentation": text}`. With `platform`, for wallets and
 * pages: everything below its base path. Always `GET /health`. Refusals are
 * `{error, error_description, cure, id}`.
 */
export function createVerifierApp(options: VerifierAppOptions): Express {
  const { verifier, platform, gatePage } = options
  const app = express()
  app.disable('etag')
  app.set('trust proxy', options.proxies ?? 0)
  app.use(observe(options.log))
  app.use(securityHeaders())
  app.use(limitAddress)
  app.get('/health', async (_request, response) => {
    response.json({ status: 'ok', ...(await options.health()) })
  })
  // A bound of its own: packs are long, and who takes one slowly keeps no wallet from answering.
  if (gatePage !== undefined) app.use('/gate', limitInFlight(), servePage(gatePage))
  const limited = limitInFlight()
  if (platform !== undefined) mountPlatform(app, platform, limited, options)
  if (verifier !== undefined) mountSessions(app, verifier, limited, options)
  app.use(renderNotFound)
  app.use(renderError)
  return app
}

function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    referrerPolicy: { policy: 'no-referrer' },
  })
}

/** The page's own headers take the place of this server's. */
function servePage(routes: GatePageRoutes): RequestHandler {
  return async (request, response, next) => {
    // Without the slash its files would be looked for beside it.
    if (request.originalUrl === '/gate') return response.redirect(308, '/gate/')
    if (!(await answerGatePage(routes, request, response, request.path))) next()
  }
}

function mountPlatform(
  app: Express,
  platform: Platform,
  limited: RequestHandler,
  options: VerifierAppOptions,
): void {
  const { startsPerMinute = STARTS_PER_MINUTE, requestsPerMinute = REQUESTS_PER_MINUTE } = options
  const base = platform.basePath
  const addressOf = callerAddress(options.addressHeader)
  app.use(`${base}/start`, perMinute(startsPerMinute, addressOf))
  app.use(base === '' ? '/' : base, perMinute(requestsPerMinute, addressOf), limited)
  app.use(asExpress(platform).routes)
}

/** Counted by address, in memory: it slows guessing and floods, and decides nothing. */
function perMinute(limit: number, addressOf: (request: Request) => string): RequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit,
    keyGenerator: (request) => ipKeyGenerator(addressOf(request)),
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    validate: false,
    handler: () => {
      throw new VerifierError('too_many_requests', 'too many requests from one address; wait.')
    },
  })
}

/** For limits only: it is never logged or kept. */
function callerAddress(header: string | undefined): (request: Request) => string {
  return (request) => {
    const told = header === undefined ? undefined : request.get(header)
    return (told === undefined || told === '' ? (request.ip ?? 'unknown') : told).slice(0, 64)
  }
}

function mountSessions(
  app: Express,
  verifier: Verifier,
  limited: RequestHandler,
  { queries }: VerifierAppOptions,
): void {
  app.post('/sessions', limited, jsonBytes(SESSION_BODY_BYTES), async (request, response) => {
    const query = chooseQuery(readBody(request.body), queries)
    const { id, nonce, audience, expiresAt } = await verifier.createSession({ query })
    const expires_at = epochSeconds(expiresAt)
    response.status(201).json({ id, nonce, audience, query, expires_at })
  })
  app.post(
    '/sessions/:id/presentation',
    limited,
    jsonBytes(PRESENTATION_BODY_BYTES),
    async (request, response) => {
      const { presentation } = readBody(request.body)
      if (typeof presentation !== 'string') throw malformed('the member "presentation" is missing')
      const session = String(request.params['id'])
      response.json(await verifier.verify({ session, presentation }))
    },
  )
}

const SERVER_OPTIONS = {
  // The address, names and values of headers together; Node refuses from this number on.
  maxHeaderSize: 16 * 1024 + 1,
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  // Without it the two bounds above are looked at every 30 s only.
  connectionsCheckingInterval: 1_000,
}

/** The app in a server that waits for no slow client: headers 5 s, a whole request 10 s. */
export function createVerifierServer(options: VerifierAppOptions): Server {
  const server = createServer(SERVER_OPTIONS, createVerifierApp(options))
  server.maxConnections = 1_000
  return server
}

// Bytes, not express.json: the body is read strictly, a member that stands twice is refused.
function jsonBytes(limit: number): RequestHandler {
  return express.raw({ type: 'application/json', limit, inflate: false })
}

function readBody(body: unknown): JsonObject {
  if (!Buffer.isBuffer(body)) throw malformed('the body is not application/json')
  return parseJsonObject(body.toString('utf8'), { maxDepth: MAX_JSON_DEPTH })
}

function chooseQuery(body: JsonObject, named: ReadonlyMap<string, Query> | undefined): Query {
  const { query } = body
  if (typeof query !== 'string') return parseQuery(query)
  const found = named?.get(query)
  if (found === undefined) throw malformed('there is no query of this name')
  return found
}

function malformed(problem: string): VerifierError {
  return new VerifierError('request_malformed', `${problem}; send a JSON object as documented.`)
}
