import { epochSeconds } from '@netcert/credential'
import { VerifierError } from './errors.js'
import { cookieOf, type Exchange, exchangeOf, type Reply } from './exchange.js'
import type { MinorAct, MinorActStore } from './minor-act.js'
import { createMinorActs, type MinorActResult, type MinorActs } from './minor-acts.js'
import { RESPONSE_CODE_HEADER } from './platform-redeem.js'
import type { Platform, PlatformOptions } from './platform.js'
import { jsonReply, problemReply } from './platform-reply.js'
import { assertPath } from './platform-start.js'

/** Our own secrets are shorter; a longer one is none. */
const MAX_SECRET = 200

type Asking = Pick<Exchange, 'header'>

/** Options of {@link guardianConsent}; `openPlatformVerifier` gives most of them. */
export type GuardianConsentOptions = Pick<
  PlatformOptions,
  'engine' | 'baseUrl' | 'clientId' | 'mode' | 'drawQr' | 'log'
> & {
  readonly acts: MinorActStore
  readonly clock: () => Date
  /**
   * What may be consented to, by name. A page chooses a name; action, limit and account are this
   * server's. It may refuse by throwing.
   */
  readonly minorActs: Readonly<Record<string, (request: Asking) => MinorAct | Promise<MinorAct>>>
}

/** A platform that can ask for a guardian's consent. */
export type GuardianConsent = {
  /**
   * What minor and guardian agreed to, once, for a request of the page that began it.
   *
   * @throws VerifierError `transaction_missing`, `purpose_differs`, `act_waiting`, and as
   *   `MinorActs.result`
   */
  readonly consented: (request: Asking, name: string) => Promise<MinorActResult>
}

type Parts = GuardianConsentOptions & {
  readonly desk: MinorActs
  readonly cookie: string
  readonly secure: boolean
}

/**
 * Adds acts of 14 to 17 year olds to a platform. Everything it answers, and below the same base path:
 * `POST act`, `GET act-progress`, `POST hand-over`, and `GET consent/<secret>`, the guardian's link.
 *
 * @see docs/formats/minors.md
 */
export function guardianConsent<Base extends Platform>(
  platform: Base,
  options: GuardianConsentOptions,
): Base & GuardianConsent {
  const secure = new URL(options.baseUrl).protocol === 'https:'
  const cookie = secure ? '__Host-netcert-act' : 'netcert-act'
  const parts = { ...options, cookie, secure, desk: createMinorActs(options) }
  const exchange = (asked: Exchange) => exchangeWith(parts, platform, asked)
  return {
    ...platform,
    exchange,
    handler: async (request) => {
      const { status, headers, body } = await exchange(exchangeOf(request, platform.basePath))
      return new Response(status === 204 ? null : body, { status, headers })
    },
    consented: async (request, name) => consented(parts, request, name),
  }
}

async function exchangeWith(parts: Parts, platform: Platform, asked: Exchange): Promise<Reply> {
  const route = routeOf(asked)
  if (route === undefined) return platform.exchange(asked)
  try {
    return await route.run(parts, asked)
  } catch (error) {
    return problemReply(error, { wallet: false, route: route.name, log: parts.log })
  }
}

type Route = {
  readonly name: string
  readonly run: (parts: Parts, asked: Exchange) => Promise<Reply>
}

const routes: Readonly<Record<string, Route>> = {
  'POST /act': { name: 'act', run: begin },
  'GET /act-progress': { name: 'act-progress', run: showProgress },
  'POST /hand-over': { name: 'hand-over', run: handOver },
}

function routeOf({ method, path }: Exchange): Route | undefined {
  const name = `${method} ${path}`
  if (Object.hasOwn(routes, name)) return routes[name]
  const [, secret] = /^GET \/consent\/([^/]+)$/.exec(name) ?? []
  if (secret === undefined) return undefined
  return { name: 'consent', run: (parts) => openLink(parts, secret) }
}

async function begin(parts: Parts, asked: Exchange): Promise<Reply> {
  const { desk, baseUrl, drawQr, minorActs } = parts
  const name = asked.parameters.get('name') ?? ''
  const actOf = Object.hasOwn(minorActs, name) ? minorActs[name] : undefined
  if (actOf === undefined) {
    throw new VerifierError('query_unknown', 'no act of this name is set up; add it to minorActs.')
  }
  const returnPath = asked.parameters.get('return_to')
  const returnTo = returnPath === null ? null : new URL(baseUrl).origin + assertPath(returnPath)
  const { act, request, handover, endsAt } = await desk.begin({
    ...(await actOf(asked)),
    ...{ ...asking(parts), name },
    ...(returnTo === null ? {} : { returnTo }),
  })
  return withCookie(
    parts,
    jsonReply(201, {
      request_uri: request.requestUri,
      expires_at: epochSeconds(request.expiresAt),
      qr: drawQr(request.requestUri),
      // For the guardian, once the minor has answered.
      hand_over_link: `${baseUrl}/consent/${handover}`,
      waits_until: epochSeconds(endsAt),
    }),
    act,
  )
}

async function showProgress(parts: Parts, asked: Exchange): Promise<Reply> {
  const { waitingFor, state, request } = await parts.desk.progress(actIn(parts, asked))
  return jsonReply(200, { waiting_for: waitingFor, state, request })
}

async function handOver(parts: Parts, asked: Exchange): Promise<Reply> {
  const name = { by: 'id', value: actIn(parts, asked) } as const
  const responseCode = codeOf(asked)
  const handed = await parts.desk.handOver(name, { ...asking(parts), responseCode })
  const { request, endsAt } = handed
  return jsonReply(201, {
    request_uri: request.requestUri,
    expires_at: epochSeconds(request.expiresAt),
    qr: parts.drawQr(request.requestUri),
    waits_until: epochSeconds(endsAt),
  })
}

/** Opened by the guardian, as often as it takes: each time a fresh request, and straight to the wallet. */
async function openLink(parts: Parts, secret: string): Promise<Reply> {
  const value = secret.length <= MAX_SECRET ? secret : ''
  const name = { by: 'handover', value } as const
  const { request } = await parts.desk.handOver(name, { ...asking(parts), responseCode: null })
  const reply = jsonReply(302, { request_uri: request.requestUri })
  const headers = { location: request.requestUri, 'referrer-policy': 'no-referrer' }
  return { ...reply, headers: { ...reply.headers, ...headers } }
}

function consented(parts: Parts, request: Asking, name: string): Promise<MinorActResult> {
  return parts.desk.result(actIn(parts, request), { name, responseCode: codeOf(request) })
}

function asking({ clientId = 'did', mode = 'direct_post.jwt' }: Parts) {
  return { clientId, mode }
}

function codeOf(request: Asking): string | null {
  const code = request.header(RESPONSE_CODE_HEADER)
  return code !== null && code.length <= MAX_SECRET ? code : null
}

function actIn({ cookie }: Parts, request: Asking): string {
  const act = cookieOf(request, cookie)
  if (act !== null && act.length <= MAX_SECRET) return act
  throw new VerifierError('transaction_missing', 'no act was begun in this browser; begin first.')
}

function withCookie({ cookie, secure }: Parts, reply: Reply, value: string): Reply {
  const rules = `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
  return { ...reply, headers: { ...reply.headers, 'set-cookie': `${cookie}=${value}; ${rules}` } }
}
