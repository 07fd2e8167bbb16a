import { randomInt, randomUUID } from 'node:crypto'
import type { ErrorRequestHandler, RequestHandler, Response } from 'express'
import { VerifierError } from './errors.js'
import { problemOf, type ToldFreshness } from './problem.js'

/** Requests judged at the same time; the next one is told to come back. */
const MAX_IN_FLIGHT = 64
/** Callers that were turned away come back spread over this many seconds. */
const RETRY_SECONDS = 5

/** One finished request, for a log. No address, body, query string, claim or token is in it. */
export type RequestLine = {
  readonly id: string
  readonly method: string
  /** The route's template, never the path that was asked for: that holds the session id. */
  readonly route: string
  readonly status: number
  /** Why it was refused; null when it was answered. */
  readonly code: string | null
  readonly milliseconds: number
}

/** Body of every refusal. */
type Problem = {
  readonly error: string
  readonly error_description: string
  readonly cure: string
  /** Where that is why: how far the word about the certificate could be trusted. */
  readonly freshness?: ToldFreshness
  /** Under this id the operator finds the cause. */
  readonly id: string
}

/** Gives each request an id, keeps answers out of caches, and logs how it ended. */
export function observe(log: ((line: RequestLine) => void) | undefined): RequestHandler {
  return (request, response, next) => {
    const started = performance.now()
    response.locals['id'] = randomUUID()
    response.set({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
    response.on('finish', () => {
      const route: unknown = request.route?.path
      log?.({
        id: String(response.locals['id']),
        method: request.method,
        route: typeof route === 'string' ? route : 'unknown',
        status: response.statusCode,
        code: typeof response.locals['code'] === 'string' ? response.locals['code'] : null,
        milliseconds: Math.round(performance.now() - started),
      })
    })
    next()
  }
}

/** A longer address than any of ours. */
const MAX_URL_BYTES = 8 * 1024

/** Refuses addresses that are too long, before anything looks into them. */
export const limitAddress: RequestHandler = (request, _response, next) => {
  if (request.url.length > MAX_URL_BYTES) {
    throw new VerifierError('request_too_large', `an address has at most ${MAX_URL_BYTES} bytes.`)
  }
  next()
}

/** Turns requests away while too many are under way, before their bodies are read. */
export function limitInFlight(): RequestHandler {
  let inFlight = 0
  return (_request, response, next) => {
    if (inFlight >= MAX_IN_FLIGHT) {
      throw new VerifierError(
        'overloaded',
        'too many requests at once; try again in a few seconds.',
      )
    }
    inFlight += 1
    response.once('close', () => {
      inFlight -= 1
    })
    next()
  }
}

/** Whatever no route answered. */
export const renderNotFound: RequestHandler = (_request, response) => {
  refuse(response, 404, {
    error: 'not_found',
    error_description: 'Nothing answers at this address.',
    cure: 'See the manual for the addresses and methods.',
  })
}

/** Tells an error by its code; one without a code of ours is a bare 500 with an id. */
export const renderError: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (response.headersSent) {
    next(error)
    return
  }
  const { code, status, description, ...told } = problemOf(error)
  if (status === 503) response.set('retry-after', String(1 + randomInt(RETRY_SECONDS)))
  refuse(response, status, { error: code, error_description: description, ...told })
}

function refuse(response: Response, status: number, problem: Omit<Problem, 'id'>): void {
  response.locals['code'] = problem.error
  const body: Problem = { ...problem, id: String(response.locals['id']) }
  response.status(status).json(body)
}
