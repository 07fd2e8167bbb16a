import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express'
import helmet from 'helmet'
import {
  asConfigured,
  createAuthorizationEndpoints,
  createMetadataRoute,
  type EndpointsOptions,
} from './as-endpoints-http.js'
import { createLoginRouter, type LoginRouterOptions } from './as-login-http.js'
import { metadataPaths } from './as-metadata.js'
import { publishedFiles, refuse } from './http.js'
import { perAddress } from './open-post-http.js'
import { createRegistrarRouter } from './registrar-http.js'
import type { Registrar } from './registrar.js'

export type IssuerServerAppOptions = {
  readonly publishedDir: string
  readonly endpoints: EndpointsOptions
  readonly login: LoginRouterOptions
  /** The credential issuer; it answers its own paths and leaves the others. */
  readonly credentialIssuer: RequestHandler
  /** Where certificates are paused or revoked by the code on paper. */
  readonly revocation: RequestHandler
  /** Where citizens cancel by their own word. */
  readonly cancellation: RequestHandler
  /** Pages of presence checks; `null` where they take place elsewhere. */
  readonly presence: RequestHandler | null
  /** Takes reports of greedy requests. */
  readonly registrar: Pick<Registrar, 'takeReport'>
  readonly limits: ServerLimits
  /** Where the operator's own proxy says whom it speaks for; `null` without such a proxy. */
  readonly addressHeader: string | null
  readonly onFailure: (error: unknown) => void
}

export type ServerLimits = {
  /** Requests under way at once; more are turned away for a second. */
  readonly inFlight: number
  /** Requests of one address that are not mere reading. */
  readonly perMinute: number
  /** Login forms of one address in ten minutes. */
  readonly loginForms: number
  /** Reports of greedy requests of one address in a minute. */
  readonly reports: number
  /** Cancellations of one address in a minute. */
  readonly cancellations: number
}

/** Everything an issuer serves, in one app; the authorization server comes last. */
export function createIssuerServerApp(options: IssuerServerAppOptions): Express {
  const { endpoints, limits } = options
  const { issuer } = endpoints
  const app = express()
  app.disable('x-powered-by')
  app.set('etag', 'strong')
  app.set('query parser', 'simple')
  app.use(asConfigured(issuer, options.addressHeader))
  app.use(inFlightLimit(limits.inFlight))
  app.use(helmet(HEADERS))
  app.use(limitUrl)
  // Lists and metadata are asked for by everybody behind one address, and cost nothing.
  app.use(
    perAddress(
      limits.perMinute,
      ({ method, path }) => method === 'GET' && !path.includes('/login/'),
    ),
  )
  const below = basePathOf(issuer)
  app.use(below, publishedFiles(options.publishedDir))
  app.use(below, registrarRouter(options))
  app.use(options.credentialIssuer)
  for (const path of metadataPaths(issuer)) app.get(path, createMetadataRoute(endpoints))
  app.use(below, createLoginRouter(options.login))
  app.use(below, options.revocation)
  app.use(below, options.cancellation)
  if (options.presence !== null) app.use(below, options.presence)
  app.use(below, createAuthorizationEndpoints(endpoints))
  app.use((_request, response) => refuse(response, 404, 'not_found'))
  app.use(failureAnswer(options.onFailure))
  return app
}

function registrarRouter({ registrar, limits }: IssuerServerAppOptions): RequestHandler {
  return createRegistrarRouter({ registrar, reportsPerMinute: limits.reports })
}

/** Where the issuer identifier lies on its host, as express wants it. */
function basePathOf(issuer: string): string {
  return new URL(issuer).pathname
}

/** Answers are data for programs unless a page says otherwise. */
const HEADERS: Parameters<typeof helmet>[0] = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  },
  crossOriginResourcePolicy: { policy: 'cross-origin' },
  referrerPolicy: { policy: 'no-referrer' },
}

/** Longer than any address of ours. */
const MAX_URL_BYTES = 8 * 1024

/** Refuses addresses that are too long, before anything looks into them. */
const limitUrl: RequestHandler = (request, response, next) => {
  if (request.url.length > MAX_URL_BYTES) return refuse(response, 414, 'invalid_request')
  return next()
}

function inFlightLimit(limit: number): RequestHandler {
  let underWay = 0
  return (_request: Request, response: Response, next) => {
    if (underWay >= limit) {
      response.set('retry-after', '1')
      return refuse(response, 503, 'temporarily_unavailable')
    }
    underWay += 1
    response.once('close', () => {
      underWay -= 1
    })
    return next()
  }
}

/** A fault of the request keeps its status; a failure of ours is a bare 500, noted by its code. */
function failureAnswer(onFailure: (error: unknown) => void): ErrorRequestHandler {
  // Express knows a handler of failures by its four parameters.
  return (error: unknown, _request, response, _next) => {
    if (response.headersSent) return void response.destroy()
    const status = error instanceof URIError ? 400 : statusOf(error)
    if (status < 500) return refuse(response, status, 'invalid_request')
    onFailure(error)
    return refuse(response, 500, 'server_error')
  }
}

function statusOf(error: unknown): number {
  if (!(error instanceof Error) || !('status' in error)) return 500
  return typeof error.status === 'number' && error.status >= 400 ? error.status : 500
}
