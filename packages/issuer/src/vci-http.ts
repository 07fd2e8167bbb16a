import type { KeyOf } from '@netcert/protocol'
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import type { AccessTokenVerifier, TokenChallenge } from './as-access-token.js'
import type { Issuer } from './issuer.js'
import type { IssuerGround } from './issuer-assembly.js'
import type { IssuerError } from './issuer-error.js'
import { readBody } from './vci-body.js'
import { createCredentialEndpoints, type Endpoint, type EndpointAnswer } from './vci-endpoints.js'
import type { CredentialOffers } from './vci-offers.js'
import { createPublicPages, type PublicPage } from './vci-public-pages.js'
import { type Refusal, refusalOf } from './vci-refusals.js'

export type CredentialIssuerRouterOptions = {
  readonly ground: Pick<IssuerGround, 'config' | 'database' | 'vault' | 'clock' | 'requestKeys'>
  readonly issuer: Issuer
  readonly offers: CredentialOffers
  readonly verifyAccessToken: AccessTokenVerifier
  /** How a refused access token is answered. */
  readonly tokenChallenge: (error: IssuerError) => TokenChallenge | undefined
  /** Attesters of keys we trust; `null` where key attestations are not looked at. */
  readonly keyAttesters: KeyOf | null
  /** Where a person passes a presence check in a browser; `null` where there is no such page. */
  readonly presenceUri: string | null
}

/** Requests worked on at a time; more are asked to come back. */
export const REQUESTS_IN_FLIGHT = 64

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'cross-origin',
  'strict-transport-security': 'max-age=31536000',
  // Wallets in browsers call from their own origins; nothing here rests on cookies.
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'WWW-Authenticate, DPoP-Nonce, Retry-After',
}

/**
 * The credential issuer of OpenID4VCI 1.0: metadata, offers, nonce, credential, deferred credential
 * and notification endpoints. Use it at the root and before anything that reads bodies: it answers
 * its own paths, below the path of the base URL and under `/.well-known`, and passes on all others.
 */
export function createCredentialIssuerRouter(
  options: CredentialIssuerRouterOptions,
): RequestHandler {
  const baseUrl = options.ground.config.base_url
  const basePath = new URL(baseUrl).pathname.replace(/\/$/, '')
  const { requestKeys } = options.ground
  const pages = createPublicPages({ ...options, baseUrl, basePath, requestKeys })
  const endpoints = createCredentialEndpoints({ ...options, baseUrl, requestKeys })
  let inFlight = 0
  return (request, response, next) => {
    const page = pages(request.path)
    if (page !== undefined) return servePage(page, request, response, next)
    const endpoint = request.path.startsWith(`${basePath}/`)
      ? endpoints.get(request.path.slice(basePath.length))
      : undefined
    if (endpoint === undefined) return next()
    if (!takesMethod(request, response, ['POST'])) return
    response.set('cache-control', 'no-store')
    if (inFlight >= REQUESTS_IN_FLIGHT) {
      response.status(503).set('retry-after', '1').json({ error: 'temporarily_unavailable' })
      return
    }
    inFlight += 1
    response.once('close', () => {
      inFlight -= 1
    })
    const url = baseUrl + request.path.slice(basePath.length)
    void serveEndpoint({ endpoint, options, request, response, url })
  }
}

type Serving = {
  readonly endpoint: Endpoint
  readonly options: CredentialIssuerRouterOptions
  readonly request: Request
  readonly response: Response
  /** Absolute, from the configuration: nothing a request says of its host counts. */
  readonly url: string
}

async function serveEndpoint(serving: Serving): Promise<void> {
  const { endpoint, options, request, response, url } = serving
  try {
    if (!endpoint.needsToken) return send(response, await endpoint.answer())
    const { authorization, dpop } = request.headers
    const token = await options.verifyAccessToken({
      authorization,
      dpop,
      method: request.method,
      url,
    })
    const body = await readBody(request)
    if (body.kind === 'refused') return refuse(response, body.refusal)
    send(response, await endpoint.answer(token, body))
  } catch (error) {
    if (response.headersSent) return void response.destroy()
    refuse(response, refusalOf(error, options.tokenChallenge))
  }
}

function send(response: Response, { status, contentType, text, sent }: EndpointAnswer): void {
  if (sent !== undefined) {
    // The answer is on its way; when noting that fails, it can be fetched again.
    response.once('finish', () => void sent().catch(() => {}))
  }
  if (contentType === null) return void response.status(status).end()
  write(response.status(status), contentType, text)
}

/** Errors are plain JSON also where the request came encrypted (OpenID4VCI 1.0 §8.3.1.2). */
function refuse(response: Response, { status, headers, body }: Refusal): void {
  response.status(status).set(headers)
  if (body === null) return void response.end()
  write(response, 'application/json', JSON.stringify(body))
}

/** Express would add a charset, which these media types do not have. */
function write(response: Response, contentType: string, body: string | Uint8Array): void {
  response.setHeader('content-type', contentType)
  response.end(body)
}

function servePage(
  page: PublicPage,
  request: Request,
  response: Response,
  next: NextFunction,
): void {
  if (!takesMethod(request, response, ['GET', 'HEAD'])) return
  const { accept, 'accept-language': acceptLanguage } = request.headers
  page({ accept, acceptLanguage }).then((content) => {
    if (content === undefined) {
      return void response.status(404).set('cache-control', 'no-store').json({ error: 'not_found' })
    }
    write(response.set(content.headers), content.contentType, content.body)
  }, next)
}

/** Sets the headers of every answer; answers preflights and wrong methods itself. */
function takesMethod(request: Request, response: Response, methods: readonly string[]): boolean {
  response.set(HEADERS)
  if (methods.includes(request.method)) return true
  const allow = methods.join(', ')
  if (request.method === 'OPTIONS') {
    response.set({
      'access-control-allow-methods': allow,
      'access-control-allow-headers': 'authorization, content-type, dpop',
      'access-control-max-age': '600',
    })
    response.status(204).end()
    return false
  }
  response.set({ allow, 'cache-control': 'no-store' })
  response.status(405).json({ error: 'method_not_allowed' })
  return false
}
