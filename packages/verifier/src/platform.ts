import {
  type FreshnessPolicy,
  type JsonObject,
  memberOf,
  parseJsonObject,
} from '@netcert/credential'
import {
  type Exchange,
  exchangeOf,
  malformed,
  type Reply,
  readForm,
  readJsonText,
} from './exchange.js'
import { jsonReply, problemReply, scriptReply } from './platform-reply.js'
import { deliver, redeem, transactionOf } from './platform-redeem.js'
import { startRequest } from './platform-start.js'
import type { VerificationResult } from './result.js'
import type { DeletionDesk, Forget } from './deletion-desk.js'
import type { PresentationResult } from './vp-outcome.js'
import type { ClientKind } from './vp-session.js'
import type { VpTermOptions } from './vp-terms.js'
import type { VpVerifier } from './vp-verifier.js'

/** Bounds of what a wallet or page may send. */
const RESPONSE_BYTES = 200 * 1024
const REQUEST_FORM_BYTES = 64 * 1024
/** A presentation of 64 KiB in a form, in which its separators take three bytes each. */
const DELETION_BYTES = 66 * 1024
const MAX_DEPTH = 32
const MAX_MEMBERS = 200
/** Options of {@link verifier}; `openPlatformVerifier` of `@netcert/verifier/server` gives most of them. */
export type PlatformOptions = {
  readonly engine: VpVerifier
  /** DCQL queries that may be asked, by name. A page chooses a name, never a query. */
  readonly queries: Readonly<Record<string, object>>
  /** Where these routes are mounted, for example `https://shop.example/netcert`. */
  readonly baseUrl: string
  /** How the verifier names itself. Default `did`. */
  readonly clientId?: ClientKind
  /** How answers come back. Default `direct_post.jwt`: encrypted. */
  readonly mode?: 'direct_post' | 'direct_post.jwt'
  /**
   * A wallet that is a web page, for example `https://wallet.example/`: on the same device the link leads
   * there. Default: whichever wallet the device opens `openid4vp:` links with.
   */
  readonly walletUrl?: string
  /** Draws a QR code: rows of `0` and `1`. */
  readonly drawQr: (text: string) => readonly string[]
  /** The text of the browser snippet. */
  readonly script: string
  /** Takes citizens' deletion requests; `openPlatformVerifier` gives it. Without it there is none. */
  readonly deletions?: DeletionDesk
  /** Deletes what the platform keeps of an account; without it every deletion request is refused. */
  readonly forget?: Forget
  /**
   * The platform's own check, for whoever presents no certificate: asked where nothing was answered
   * with one, never where one was refused. `null`: not verified.
   */
  readonly otherMeans?: (
    request: Pick<Exchange, 'header'>,
    question: string,
  ) => VerificationResult | null | Promise<VerificationResult | null>
  /** What a question is held to beyond its query, for the browser that starts it; may refuse. */
  readonly terms?: (
    request: Pick<Exchange, 'header'>,
    question: string,
  ) => VpTermOptions | Promise<VpTermOptions>
  /** How old evidence may be, by question; else as the verifier is set up. */
  readonly freshness?: Readonly<Record<string, FreshnessPolicy>>
  /** Told the code of each refusal; nothing of a request or certificate is in it. */
  readonly log?: (line: { readonly route: string; readonly code: string }) => void
}

/** The platform's side of asking wallets; the same for every web framework. */
export type Platform = {
  /** Path of `baseUrl`: whatever is below it belongs to {@link Platform.handler}. */
  readonly basePath: string
  /** Answers wallets and pages: a handler of the Fetch API. */
  readonly handler: (request: Request) => Promise<Response>
  readonly exchange: (exchange: Exchange) => Promise<Reply>
  /**
   * The result for a request of the platform's own page, once. It belongs to the browser that
   * started, through its cookie, and to the question of that name. Whoever was verified by other
   * means gets a result of the same shape.
   *
   * @throws The refusal that the answer met; VerifierError `transaction_missing`,
   *   `purpose_differs`, and as `VpVerifier.result`
   */
  readonly redeem: (
    request: Pick<Exchange, 'header'>,
    question: string,
  ) => Promise<PresentationResult>
}

/** Asks wallets for certificates on behalf of a platform. See README for the few lines around it. */
export function verifier(options: PlatformOptions): Platform {
  const { pathname, protocol } = new URL(options.baseUrl)
  const basePath = pathname === '/' ? '' : pathname.replace(/\/$/, '')
  const cookie = protocol === 'https:' ? '__Host-netcert' : 'netcert'
  const parts: Parts = { ...options, cookie, secure: protocol === 'https:' }
  return {
    basePath,
    exchange: (asked) => exchangeWith(parts, asked),
    handler: async (request) => {
      const { status, headers, body } = await exchangeWith(parts, exchangeOf(request, basePath))
      return new Response(status === 204 ? null : body, { status, headers })
    },
    redeem: (request, question) => redeem(parts, request, question),
  }
}

/** The options, and the cookie that ties a request to its browser. */
export type Parts = PlatformOptions & { readonly cookie: string; readonly secure: boolean }
type Route = { readonly name: string; readonly id: string }

const withId = new Set(['GET request', 'POST request', 'POST response', 'POST dc-api'])
const plain = new Set([
  'POST start',
  'GET progress',
  'POST result',
  'POST deletion',
  'GET verify-and-wait.js',
])

async function exchangeWith(parts: Parts, asked: Exchange): Promise<Reply> {
  const route = routeOf(asked)
  const wallet = forWallets.has(route.name)
  try {
    const reply = await answer(parts, route, asked)
    return wallet ? readableAnywhere(reply) : reply
  } catch (error) {
    const reply = problemReply(error, { wallet, route: route.name, log: parts.log })
    return wallet ? readableAnywhere(reply) : reply
  }
}

/** What wallets ask for; they may be web pages elsewhere, and no cookie counts here. */
const forWallets = new Set(['request', 'response', 'deletion'])

function readableAnywhere(reply: Reply): Reply {
  return { ...reply, headers: { ...reply.headers, 'access-control-allow-origin': '*' } }
}

function routeOf({ method, path }: Exchange): Route {
  const [, name = '', id, ...more] = path.split('/')
  const known = id === undefined ? plain : withId
  return more.length === 0 && known.has(`${method} ${name}`)
    ? { name, id: id ?? '' }
    : { name: 'unknown', id: '' }
}

async function answer(parts: Parts, { name, id }: Route, exchange: Exchange): Promise<Reply> {
  switch (name) {
    case 'request':
      return sendRequest(parts, id, exchange)
    case 'response': {
      const members = await readForm(exchange, RESPONSE_BYTES)
      return takeAnswer(parts, id, members)
    }
    case 'dc-api':
      return takeAnswer(parts, id, await readDcApiAnswer(exchange))
    case 'deletion':
      return takeDeletion(parts, exchange)
    case 'start':
      return startRequest(parts, exchange)
    case 'progress':
      return jsonReply(200, {
        progress: await parts.engine.progress(transactionOf(parts, exchange)),
      })
    case 'result':
      return jsonReply(200, await deliver(parts, exchange))
    case 'verify-and-wait.js':
      return scriptReply(parts.script)
    default:
      return notFound()
  }
}

function notFound(): Reply {
  return jsonReply(404, { error: 'not_found', error_description: 'Nothing answers here.' })
}

/** §5.10: by GET, or by POST with the wallet's nonce, as often as it is asked for. */
async function sendRequest({ engine }: Parts, requestId: string, exchange: Exchange) {
  let walletNonce: string | null = null
  if (exchange.method === 'POST') {
    const form = await readForm(exchange, REQUEST_FORM_BYTES)
    walletNonce = Object.hasOwn(form, 'wallet_nonce') ? (form['wallet_nonce'] ?? null) : null
  }
  const { mediaType, body } = await engine.requestObject({ requestId, walletNonce })
  return { status: 200, headers: { 'content-type': mediaType, 'cache-control': 'no-store' }, body }
}

async function takeAnswer(
  { engine }: Parts,
  requestId: string,
  members: Readonly<Record<string, unknown>>,
): Promise<Reply> {
  const { redirectUri, receipt } = await engine.answer({ requestId, members })
  return jsonReply(200, {
    ...(redirectUri === null ? {} : { redirect_uri: redirectUri }),
    ...(receipt === null ? {} : { netcert_receipt: receipt }),
  })
}

/** Nothing tells a platform without accreditation from one that takes no deletion requests. */
async function takeDeletion({ deletions, forget }: Parts, exchange: Exchange): Promise<Reply> {
  const { presentation } = await readForm(exchange, DELETION_BYTES)
  if (deletions === undefined) return notFound()
  if (presentation === undefined) throw malformed('the parameter "presentation" is missing')
  const answer = await deletions.answer({ presentation, ...(forget && { forget }) })
  return jsonReply(200, { netcert_deletion: answer })
}

async function readDcApiAnswer(exchange: Exchange): Promise<JsonObject> {
  const text = await readJsonText(exchange, RESPONSE_BYTES)
  const limits = { maxDepth: MAX_DEPTH, maxMembers: MAX_MEMBERS }
  const data = memberOf(parseJsonObject(text, limits), 'data')
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) return data as JsonObject
  throw malformed('the member "data" is missing')
}
