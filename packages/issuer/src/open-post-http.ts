import { type RequestHandler, type Response, Router } from 'express'
import { ipKeyGenerator, rateLimit } from 'express-rate-limit'
import { refuse } from './http.js'
import { addressOf } from './request-address.js'

/** Answers are read by programs of any origin; nothing here rests on cookies. */
const HEADERS: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'cache-control': 'no-store',
}

/**
 * An address that takes POST from programs of any origin, and nothing else. A caller's address counts
 * towards the limit for a minute, in memory, and is kept nowhere.
 */
export function createOpenPostRouter(
  path: string,
  { perMinute, take }: { readonly perMinute: number; readonly take: readonly RequestHandler[] },
): Router {
  const router = Router()
  router.use(path, (request, response, next) => {
    response.set(HEADERS)
    if (request.method === 'POST') return next()
    if (request.method === 'OPTIONS') return preflight(response)
    response.set('allow', 'POST')
    return refuse(response, 405, 'method_not_allowed')
  })
  router.use(path, perAddress(perMinute))
  router.post(path, ...take)
  return router
}

function preflight(response: Response): void {
  response.set({
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': 'content-type',
    'access-control-max-age': '600',
  })
  response.status(204).end()
}

/** Lets an address send so many requests in a minute. */
export function perAddress(
  limit: number,
  skip: (request: Parameters<RequestHandler>[0]) => boolean = () => false,
): RequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit,
    skip,
    keyGenerator: (request) => ipKeyGenerator(addressOf(request)),
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: (_request, response) => {
      response.set('retry-after', '60')
      refuse(response, 429, 'slow_down')
    },
  })
}
