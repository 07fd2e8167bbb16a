import { Readable } from 'node:stream'
import express, { type NextFunction, type Request, type Response, Router } from 'express'
import type { AttestedRequests } from './as-attested-requests.js'
import { isRecentProof } from './as-dpop-proof.js'
import { authorizationServerMetadata } from './as-metadata.js'
import { type FormRefusal, judgePushedRequest, readForm } from './as-request-form.js'
import { type AttestationParts, checkAttestation } from './as-wallet-attestation.js'
import { ANONYMOUS_CLIENT_ID, PRE_AUTHORIZED_GRANT } from './as-wallet-client.js'
import { AS_ROUTES, COOKIES } from './as-lifetimes.js'
import { noteAddress } from './request-address.js'

export type EndpointsOptions = AttestationParts & {
  readonly configurationIds: readonly string[]
  readonly attested: AttestedRequests
  /** The library; it gets what has passed here and nothing else. */
  readonly handle: (request: Request, response: Response) => void
}

const FORM_BYTES = 32 * 1024
const REQUEST_URI = /^urn:ietf:params:oauth:request_uri:[A-Za-z0-9_-]{20,100}$/

/** Metadata, with the same answer to everybody. */
export function createMetadataRoute(options: EndpointsOptions) {
  const { issuer, configurationIds, providers } = options
  const attestation = providers.any
  const metadata = authorizationServerMetadata({ issuer, configurationIds, attestation })
  return (_request: Request, response: Response): void => {
    response.set({ 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=300' })
    response.json(metadata)
  }
}

/** The endpoints of the authorization server, below the issuer identifier. */
export function createAuthorizationEndpoints(options: EndpointsOptions): Router {
  const { handle } = options
  const router = Router()
  const type = 'application/x-www-form-urlencoded'
  const text = express.text({ type, limit: FORM_BYTES, defaultCharset: 'utf-8' })
  for (const [endpoint, path] of [
    ['par', AS_ROUTES.par],
    ['token', AS_ROUTES.token],
  ] as const) {
    router.post(path, text, (request, response) =>
      takeForm(options, endpoint, { request, response }),
    )
    router.options(path, handle)
  }
  router.get(AS_ROUTES.authorization, (request, response) => {
    onlyPushed(request)
    withoutSession(request)
    handle(request, response)
  })
  router.get(`${AS_ROUTES.authorization}/:uid`, handle)
  if (options.providers.any) router.post('/attestation-challenge', challengeRoute(options))
  return router
}

type Exchange = { readonly request: Request; readonly response: Response }

async function takeForm(
  options: EndpointsOptions,
  endpoint: 'par' | 'token',
  exchange: Exchange,
): Promise<void> {
  const { request, response } = exchange
  const body: unknown = request.body
  if (typeof body !== 'string') {
    const description = 'the body is a form, application/x-www-form-urlencoded'
    return refuse(exchange, 400, { error: 'invalid_request', description })
  }
  const read = readForm(body, endpoint)
  if ('error' in read) return refuse(exchange, 400, read)
  const { form } = read
  const fault = endpoint === 'par' ? judgePushedRequest(form, options.configurationIds) : undefined
  if (fault !== undefined) return refuse(exchange, 400, fault)
  if (!(await isRightWallet(options, endpoint, { form, ...exchange }))) return
  if (endpoint === 'token' && !form.has('client_id') && mayBeAnonymous(form)) {
    form.set('client_id', ANONYMOUS_CLIENT_ID)
  }
  // RFC 9449 §11.1: a nonce says that a proof is not too old for the server, not for the wallet.
  const proof = request.headers['dpop']
  if (typeof proof === 'string' && !isRecentProof(proof, options.clock())) {
    const description = 'the DPoP proof is not from now; check the clock of the device'
    return refuse(exchange, 400, { error: 'invalid_dpop_proof', description })
  }
  handOver(request, form)
  options.handle(request, response)
}

/** Gives the library the form that passed, as a body that has just arrived: it reads its own. */
function handOver(request: Request, form: ReadonlyMap<string, string>): void {
  const body = Buffer.from(new URLSearchParams([...form]).toString())
  delete request.headers['transfer-encoding']
  request.headers['content-length'] = String(body.length)
  Object.defineProperties(request, {
    readable: { value: true },
    iterator: { value: () => Readable.from([body]) },
  })
}

function mayBeAnonymous(form: ReadonlyMap<string, string>): boolean {
  const grant = form.get('grant_type')
  return grant === PRE_AUTHORIZED_GRANT || grant === 'refresh_token'
}

/** `false` when the request was answered with a refusal. */
async function isRightWallet(
  options: EndpointsOptions,
  endpoint: 'par' | 'token',
  { form, ...exchange }: Exchange & { readonly form: Map<string, string> },
): Promise<boolean> {
  const check = await checkAttestation(options, exchange.request)
  if (check.kind === 'refused') {
    const challenge = options.challenges.next(options.clock())
    exchange.response.set('oauth-client-attestation-challenge', challenge)
    const description = 'the wallet attestation was not accepted'
    const status = check.error === 'invalid_client' ? 401 : 400
    refuse(exchange, status, { error: check.error, description })
    return false
  }
  if (check.kind === 'none') {
    const anonymous = endpoint === 'token' && mayBeAnonymous(form)
    if (!options.providers.required || anonymous) return true
    const description = 'this issuer takes attested wallets only'
    refuse(exchange, 401, { error: 'invalid_client', description })
    return false
  }
  const { wallet } = check
  if ((form.get('client_id') ?? wallet.clientId) !== wallet.clientId) {
    const description = 'client_id is not the one of the wallet attestation'
    refuse(exchange, 401, { error: 'invalid_client', description })
    return false
  }
  form.set('client_id', wallet.clientId)
  options.attested.put(exchange.request, wallet)
  // Checked; to the library, which knows another draft, the wallet is a public client.
  delete exchange.request.headers['oauth-client-attestation']
  delete exchange.request.headers['oauth-client-attestation-pop']
  if (endpoint === 'par') {
    form.set('attestation_jkt', wallet.jkt)
    if (wallet.walletName !== null) form.set('wallet_name', wallet.walletName)
  }
  return true
}

/**
 * Leaves of an authorization request what a pushed one has: everything else in the address would
 * let anybody send people anywhere from here.
 */
function onlyPushed(request: Request): void {
  const { client_id: clientId, request_uri: requestUri } = request.query
  const query = new URLSearchParams()
  if (typeof clientId === 'string') query.set('client_id', clientId)
  const pushed = typeof requestUri === 'string' && REQUEST_URI.test(requestUri)
  query.set('request_uri', pushed ? requestUri : `${REQUEST_URI_PREFIX}none`)
  request.url = `${AS_ROUTES.authorization}?${query}`
}

const REQUEST_URI_PREFIX = 'urn:ietf:params:oauth:request_uri:'

/**
 * Each request is logged in for by itself: a browser is often not one person's alone, and what is
 * fetched is an identity.
 */
function withoutSession(request: Request): void {
  const kept = (request.headers.cookie ?? '')
    .split(';')
    .filter((cookie) => !cookie.trim().startsWith(`${COOKIES.session}`))
  request.headers.cookie = kept.join(';')
}

function challengeRoute({ challenges, clock }: EndpointsOptions) {
  return (_request: Request, response: Response): void => {
    response.set({ 'cache-control': 'no-store', 'access-control-allow-origin': '*' })
    response.json({ attestation_challenge: challenges.next(clock()) })
  }
}

function refuse({ response }: Exchange, status: number, refusal: FormRefusal): void {
  response.status(status).set({
    'cache-control': 'no-store',
    'access-control-allow-origin': '*',
    'access-control-expose-headers': 'DPoP-Nonce, OAuth-Client-Attestation-Challenge',
  })
  response.json({ error: refusal.error, error_description: refusal.description })
}

/** Whoever names a host or an address of their own is not heard: both are configured. */
export function asConfigured(issuer: string, addressHeader: string | null) {
  const { host, protocol } = new URL(issuer)
  return (request: Request, _response: Response, next: NextFunction): void => {
    noteAddress(request, addressHeader)
    for (const name of Object.keys(request.headers)) {
      if (name === 'forwarded' || name.startsWith('x-forwarded-')) delete request.headers[name]
    }
    request.headers.host = host
    request.headers['x-forwarded-proto'] = protocol.slice(0, -1)
    next()
  }
}
