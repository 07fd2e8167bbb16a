import { messageLimits, parseMessage } from '@netcert/protocol'
import { type JsonObject, memberOf } from '@netcert/credential'
import { type AuthorizationServer, allowInsecureRequests, customFetch } from 'oauth4webapi'
import { WalletError } from './errors.js'
import type { IssuanceGround } from './vci-ground.js'

type Network = Pick<IssuanceGround, 'fetch' | 'allowHttpLoopback'>

/** Has oauth4webapi ask through the guarded fetch, whose rules hold whatever it thinks of a URL. */
export function throughGuardedFetch({ fetch: ask, allowHttpLoopback }: Network) {
  return {
    // The guarded fetch decides which http is allowed: loopback, behind the flag.
    [allowInsecureRequests]: allowHttpLoopback,
    [customFetch]: async (
      url: string,
      request: {
        readonly method?: string
        readonly headers: Record<string, string>
        readonly body?: unknown
      },
    ): Promise<Response> => {
      const { headers, body } = request
      const { 'user-agent': _fingerprint, ...sent } = headers
      const answer = await ask(url, {
        method: request.method === 'POST' ? 'POST' : 'GET',
        headers: formHeaders(sent, body),
        ...bodyOf(body),
        maxBytes: messageLimits.maxDocumentBytes * 10,
      })
      // A Response has no body with these (WHATWG Fetch §2.2.3).
      const empty = answer.status === 204 || answer.status === 205
      const { status } = answer
      return new Response(empty ? null : answer.text, { status, headers: answer.headers })
    },
  }
}

function bodyOf(body: unknown): { readonly body?: string } {
  if (body instanceof URLSearchParams) return { body: body.toString() }
  return typeof body === 'string' ? { body } : {}
}

function formHeaders(headers: Record<string, string>, body: unknown): Record<string, string> {
  if (!(body instanceof URLSearchParams)) return headers
  return { ...headers, 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' }
}

/**
 * Gets a JSON document.
 *
 * @throws WalletError `issuer_answer`; FetchError; ProtocolError
 */
export async function getJson(network: Network, url: string, what: string): Promise<JsonObject> {
  const answer = await network.fetch(url, { headers: { accept: 'application/json' } })
  if (answer.status !== 200) throw badAnswer(what, answer.status)
  return parseMessage(answer.text, { maxBytes: messageLimits.maxDocumentBytes })
}

/** Another answer than the standard has for this. */
export function badAnswer(what: string, status: number): WalletError {
  return new WalletError(
    'issuer_answer',
    `${what} was not answered as the standard describes it (HTTP ${status}); try again later, or ` +
      'ask the issuer.',
  )
}

/**
 * A fresh challenge for the proof of a client attestation, where the server has an endpoint for that.
 *
 * @see Attestation-Based Client Authentication §8
 */
export async function fetchChallenge(
  network: Network,
  server: AuthorizationServer,
): Promise<string | undefined> {
  const endpoint = server['challenge_endpoint']
  if (typeof endpoint !== 'string' || !URL.canParse(endpoint)) return undefined
  if (new URL(endpoint).origin !== new URL(server.issuer).origin) return undefined
  const headers = { accept: 'application/json' }
  const answer = await network.fetch(endpoint, { method: 'POST', headers })
  // A server that wants one after all says so, and hands it out with its refusal.
  if (answer.status !== 200) return undefined
  const message = parseMessage(answer.text, { maxBytes: messageLimits.maxRequestBytes })
  const challenge = memberOf(message, 'attestation_challenge')
  return typeof challenge === 'string' ? challenge : undefined
}
