import { type JsonObject, memberOf } from '@netcert/credential'
import {
  type ClientTrust,
  type ProvenClient,
  parseClientIdentifier,
  proveClient,
} from './client-identifier.js'
import { ProtocolError, type ProtocolErrorCode } from './errors.js'
import type { ReadRequestObject } from './request-object.js'
import { assertTimely } from './signed-message.js'
import {
  type RequestObject,
  type ResponseMode,
  requestObjectSchema,
  STATIC_WALLET_AUDIENCE,
} from './vp-request.js'
import { readBySchema, webUrl } from './wire-text.js'

/** Where an answer goes. */
export type AnswerTarget =
  | { readonly to: 'response_uri'; readonly responseUri: string }
  /** Back through the browser that asked. */
  | { readonly to: 'browser' }
  /** Shown to the gate as a QR code. */
  | { readonly to: 'qr' }

/** A request of which is known who asks and where the answer goes, and nothing else. */
export type ProvenRequest = {
  readonly client: ProvenClient
  /** What the wallet signs as `aud`. */
  readonly audience: string
  readonly target: AnswerTarget
  readonly encrypted: boolean
  readonly request: RequestObject
}

/**
 * Proves who asks, and that the answer goes to them. Whoever fails here is told nothing: an answer,
 * even a refusal, would go to somebody unknown.
 *
 * @throws ProtocolError `request_invalid`, `client_id_mismatch`, `client_id_prefix`,
 *   `client_unknown`, `client_unproven`, `certificate_chain`, `request_signature`,
 *   `request_audience`, `request_expired`, `wallet_nonce_mismatch`, `redirect_uri_with_direct_post`,
 *   `response_uri`
 * @see OpenID4VP 1.0 §5, §5.8 to §5.10, §8.2
 */
export async function proveRequest(
  object: ReadRequestObject,
  options: {
    /** The `client_id` beside the request object; null when the parameters came by value. */
    readonly clientId: string | null
    /** The nonce that was posted to the `request_uri`, if one was. */
    readonly walletNonce: string | null
    /** Where the object was fetched; null when it came by value. */
    readonly requestUri: string | null
    readonly trust: ClientTrust
  },
): Promise<ProvenRequest> {
  const { clientId, walletNonce, requestUri, trust } = options
  const request = readRequest(object.payload)
  if (request.client_id === undefined) throw refused('request_invalid', 'it has no client_id')
  if (clientId !== null && clientId !== request.client_id) {
    throw refused('client_id_mismatch', 'the client_id beside it is another one')
  }
  if (request.response_mode !== 'direct_post' && request.response_mode !== 'direct_post.jwt') {
    throw refused('request_invalid', 'its response_mode needs a browser or a camera between')
  }
  const client = await proveAsker(object, request.client_id, trust)
  if (object.jws !== null) assertAudience(request, requestUri)
  assertCurrent(object.payload, trust.now)
  if (walletNonce !== null && request.wallet_nonce !== walletNonce) {
    throw refused('wallet_nonce_mismatch', "it does not repeat the wallet's nonce")
  }
  return {
    client,
    audience: client.identifier.full,
    target: { to: 'response_uri', responseUri: responseUriOf(request, client) },
    encrypted: request.response_mode === 'direct_post.jwt',
    request,
  }
}

/**
 * §5.8 has one value for wallets that nobody looked up. Verifiers are about that say where the
 * object lies instead: nobody else can have fetched it from there, so that says as much.
 */
function assertAudience({ aud }: RequestObject, requestUri: string | null): void {
  if (aud === STATIC_WALLET_AUDIENCE || (requestUri !== null && aud === requestUri)) return
  throw refused('request_audience', 'its aud is not that of a wallet')
}

/** The members of a request. @throws ProtocolError `request_invalid` */
export function readRequest(payload: JsonObject): RequestObject {
  return readBySchema(requestObjectSchema, payload, {
    code: 'request_invalid',
    what: 'The presentation request',
  })
}

/** @throws ProtocolError `request_expired` */
export function assertCurrent(payload: JsonObject, now: Date): void {
  assertTimely(payload, { typ: '', what: 'The request', code: 'request_expired' }, { now })
}

/** Whether an answer is to be encrypted. */
export function isEncryptedMode(mode: ResponseMode): boolean {
  return mode.endsWith('.jwt')
}

/** Proves the client a request names, by its signature or by the address it answers to. */
export async function proveAsker(
  { jws }: ReadRequestObject,
  clientId: string,
  trust: ClientTrust,
): Promise<ProvenClient> {
  const identifier = parseClientIdentifier(clientId)
  if (jws !== null) {
    assertNothingToFetch(jws.header)
    return proveClient(identifier, jws, trust)
  }
  if (identifier.prefix !== 'redirect_uri') {
    throw refused('client_unproven', 'a client_id of this kind must sign its requests')
  }
  return { identifier, proof: 'unsigned', answers: { uris: [identifier.rest] }, key: null }
}

function assertNothingToFetch(header: JsonObject): void {
  if (memberOf(header, 'jku') !== undefined || memberOf(header, 'x5u') !== undefined) {
    throw refused('client_unproven', 'its keys would have to be fetched')
  }
}

function responseUriOf(request: RequestObject, client: ProvenClient): string {
  // §8.2: with direct_post the two exclude one another.
  if (request.redirect_uri !== undefined) {
    throw refused('redirect_uri_with_direct_post', 'it has a redirect_uri beside direct_post')
  }
  // §5.9.3: under the redirect_uri prefix the identifier is the address, which may then be left out.
  const unsigned = client.proof === 'unsigned' ? client.identifier.rest : undefined
  const responseUri = request.response_uri ?? unsigned
  if (responseUri === undefined || !webUrl.safeParse(responseUri).success) {
    throw refused('request_invalid', 'it has no response_uri')
  }
  if (!coversAddress(client.answers, responseUri)) {
    throw refused('response_uri', 'its response_uri is not one of the verifier it comes from')
  }
  return responseUri
}

function coversAddress(answers: ProvenClient['answers'], address: string): boolean {
  if (answers === null) return true
  if ('host' in answers) return new URL(address).hostname.toLowerCase() === answers.host
  return answers.uris.includes(address)
}

function refused(code: ProtocolErrorCode, problem: string): ProtocolError {
  return new ProtocolError(code, `The presentation request is refused: ${problem}.`)
}
