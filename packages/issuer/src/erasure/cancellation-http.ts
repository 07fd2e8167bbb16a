import { createCancellationReply, ProtocolError, readCancellation } from '@netcert/protocol'
import express, { type Request, type RequestHandler, type Response } from 'express'
import { refuse } from '../http.js'
import { IssuerError, type IssuerErrorCode } from '../issuer-error.js'
import { createOpenPostRouter } from '../open-post-http.js'
import type { ErasureDesk } from './cancellation-desk.js'

export type CancellationRouterOptions = {
  readonly erasure: Pick<ErasureDesk, 'cancelPresented'>
  /** Cancellations of one address in a minute. */
  readonly perMinute: number
}

/** Below the base URL. */
const CANCELLATION_PATH = '/cancel'

/** A presentation with everything that could be in it. */
const MAX_BODY_BYTES = 64 * 1024

/** What a refusal is answered with; what is not here is a fault of ours. */
const STATUSES: Readonly<Partial<Record<IssuerErrorCode, number>>> = {
  cancellation_nonce: 400,
  invalid_nonce: 400,
  presentation_refused: 400,
  cancellation_not_own: 403,
  presentation_not_valid: 403,
  presentation_unknown_person: 404,
  citizen_unknown: 404,
}

/**
 * Where a citizen cancels by their own word: a form with a presentation of their certificate,
 * answered with the erasure receipt. Refusals are a code and nothing more.
 *
 * @see docs/formats/receipts.md
 */
export function createCancellationRouter(options: CancellationRouterOptions): RequestHandler {
  const form = express.urlencoded({ extended: false, limit: MAX_BODY_BYTES, parameterLimit: 4 })
  const take: RequestHandler = (request, response) =>
    takeCancellation(options.erasure, request, response)
  return createOpenPostRouter(CANCELLATION_PATH, {
    perMinute: options.perMinute,
    take: [form, take],
  })
}

async function takeCancellation(
  erasure: CancellationRouterOptions['erasure'],
  request: Request,
  response: Response,
): Promise<void> {
  const body: unknown = request.body
  if (typeof body !== 'object' || body === null) {
    return refuse(response, 415, 'cancellation_malformed')
  }
  try {
    const presented = readCancellation(body as Readonly<Record<string, unknown>>)
    const { receipt } = await erasure.cancelPresented(presented)
    response.status(200).json(createCancellationReply(receipt))
  } catch (error) {
    if (error instanceof ProtocolError) return refuse(response, 400, error.code)
    const status = error instanceof IssuerError ? STATUSES[error.code] : undefined
    if (!(error instanceof IssuerError) || status === undefined) throw error
    refuse(response, status, error.code)
  }
}
