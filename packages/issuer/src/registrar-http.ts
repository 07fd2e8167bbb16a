import { messageLimits, requestLimits } from '@netcert/protocol'
import express, { type RequestHandler, type Router } from 'express'
import { refuse } from './http.js'
import { IssuerError } from './issuer-error.js'
import { createOpenPostRouter } from './open-post-http.js'
import type { Registrar } from './registrar.js'

export type RegistrarRouterOptions = {
  readonly registrar: Pick<Registrar, 'takeReport'>
  /** Reports of one address in a minute. */
  readonly reportsPerMinute: number
}

/** Twice a request object, which is what a report carries. */
const MAX_BODY_BYTES = Math.max(requestLimits.maxObjectBytes * 2, messageLimits.maxRequestBytes)

/** The registrar's address for reports of greedy requests, below the base URL. */
export function createRegistrarRouter(options: RegistrarRouterOptions): Router {
  const text = express.text({ type: 'application/json', limit: MAX_BODY_BYTES })
  return createOpenPostRouter('/registrar/reports', {
    perMinute: options.reportsPerMinute,
    take: [text, takeReports(options.registrar)],
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
