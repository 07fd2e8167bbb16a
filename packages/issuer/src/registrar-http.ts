import { messageLimits, requestLimits } from '@netcert/protocol'
import express, { type RequestHandler, type Response, Router } from 'express'
import { ipKeyGenerator, rateLimit } from 'express-rate-limit'
import { refuse } from './http.js'
import { IssuerError } from './issuer-error.js'
import type { Registrar } from './registrar.js'
import { addressOf } from './request-address.js'

export type RegistrarRouterOptions = {
  readonly registrar: Pick<Registrar, 'takeReport'>
  /** Reports of one address in a minute. */
  readonly reportsPerMinute: number
}

/** Twice a request object, which is what a report carries. */
const MAX_BODY_BYTES = Math.max(requestLimits.maxObjectBytes * 2, messageLimits.maxRequestBytes)

/** Answers are read by programs of any origin; nothing here rests on cookies. */
const HEADERS: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'cache-control': 'no-store',
}

/**
 * The registrar's address for reports of greedy requests, below the base URL. An address counts
 * towards the limit for a minute, in memory, and is kept nowhere.
 */
export function createRegistrarRouter(options: RegistrarRouterOptions): Router {
  const router = Router()
  const path = '/registrar/reports'
  router.use(path, (request, response, next) => {
    response.set(HEADERS)
    if (request.method === 'POST') return next()
    if (request.method === 'OPTIONS') return preflight(response)
    response.set('allow', 'POST')
    return refuse(response, 405, 'method_not_allowed')
  })
  router.use(path, perAddress(options.reportsPerMinute))
  router.post(path, express.text({ type: 'application/json', limit: MAX_BODY_BYTES }))
  router.post(path, takeReports(options.registrar))
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

function perAddress(limit: number): RequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit,
    keyGenerator: (request) => ipKeyGenerator(addressOf(request)),
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: (_request, response) => {
      response.set('retry-after', '60')
      refuse(response, 429, 'slow_down')
    },
  })
}

function takeReports(registrar: RegistrarRouterOptions['registrar']): RequestHandler {
  return async (request, response) => {
    const body: unknown = request.body
    if (typeof body !== 'string') return refuse(response, 415, 'report_malformed')
    try {
      response.status(202).json({ report_id: await registrar.takeReport(body) })
    } catch (error) {
      if (!(error instanceof IssuerError)) throw error
      refuse(response, error.code === 'report_unproven' ? 422 : 400, error.code)
    }
  }
}
