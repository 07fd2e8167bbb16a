import { epochSeconds } from '@netcert/credential'
import { VerifierError } from './errors.js'
import { type Exchange, malformed, type Reply } from './exchange.js'
import type { Parts } from './platform.js'
import { jsonReply } from './platform-reply.js'
import type { VpTermOptions } from './vp-terms.js'

const MAX_RETURN_PATH = 1_024

/**
 * Starts a request for a page: a link and its QR code, or a request for the browser. The page names a
 * question, never a query.
 *
 * @throws VerifierError `query_unknown`, `request_malformed`, and as `createRequest`
 */
export async function startRequest(parts: Parts, exchange: Exchange): Promise<Reply> {
  const { parameters } = exchange
  const { engine, queries, baseUrl, clientId = 'did', mode = 'direct_post.jwt', drawQr } = parts
  const purpose = parameters.get('query') ?? ''
  const query = Object.hasOwn(queries, purpose) ? queries[purpose] : undefined
  if (query === undefined) {
    throw new VerifierError('query_unknown', 'no query of this name is set up; add it to queries.')
  }
  const origin = new URL(baseUrl).origin
  const terms = { ...policyFor(parts, purpose), ...(await parts.terms?.(exchange, purpose)) }
  if (parameters.get('flow') === 'dc_api') {
    const signedAs = clientId === 'redirect_uri' ? null : clientId
    const asked = await engine.createDcApiRequest({
      ...{ ...terms, query, purpose, origin, clientId: signedAs, mode: 'dc_api.jwt' },
    })
    const { request, requestId, expiresAt, session } = asked
    const answerTo = `${baseUrl}/dc-api/${requestId}`
    const body = { request, answer_to: answerTo, expires_at: epochSeconds(expiresAt) }
    return started(parts, session, body)
  }
  const returnPath = parameters.get('return_to')
  const returning = returnPath === null ? {} : { returnTo: origin + assertPath(returnPath) }
  const asked = await engine.createRequest({
    ...{ ...terms, query, purpose, clientId, mode },
    ...returning,
  })
  const { requestUri, session, expiresAt } = asked
  const body = {
    request_uri: requestUri,
    expires_at: epochSeconds(expiresAt),
    qr: drawQr(requestUri),
    ...walletLink(parts, requestUri),
  }
  return started(parts, session, body)
}

/** The request in the address of a wallet that is a web page. The part behind `#` is sent to nobody. */
function walletLink({ walletUrl }: Parts, requestUri: string): { readonly wallet_link?: string } {
  if (walletUrl === undefined) return {}
  const place = new URLSearchParams({ request: requestUri })
  return { wallet_link: `${walletUrl.replace(/#.*$/, '')}#/present?${place}` }
}

/** The policy of the question, where it has one of its own. */
function policyFor({ freshness = {} }: Parts, question: string): VpTermOptions {
  const policy = Object.hasOwn(freshness, question) ? freshness[question] : undefined
  return policy === undefined ? {} : { freshness: policy }
}

function started({ cookie, secure }: Parts, session: string, body: object): Reply {
  const reply = jsonReply(201, body)
  const rules = `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
  return { ...reply, headers: { ...reply.headers, 'set-cookie': `${cookie}=${session}; ${rules}` } }
}

/** A path of this platform: a wallet must not be sent anywhere else. */
export function assertPath(path: string): string {
  const origin = 'https://platform.invalid'
  const plainPath = /^\/(?![/\\])[\x21-\x7e]*$/.test(path) && !/[#\\]/.test(path)
  if (plainPath && path.length <= MAX_RETURN_PATH && new URL(path, origin).origin === origin) {
    return path
  }
  throw malformed('return_to is no path of this platform')
}
