import {
  decodeTextBase64Url,
  encodeBase64Url,
  encodeTextBase64Url,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  memberOf,
  parseJsonObject,
  type Signer,
} from '@netcert/credential'
import { textToBytes } from '@netcert/credential/crypto'
import {
  type ClientTrust,
  type ProvenClient,
  parseClientIdentifier,
  proveClient,
} from './client-identifier.js'
import { ProtocolError, type ProtocolErrorCode } from './errors.js'
import {
  assertCurrent,
  isEncryptedMode,
  type ProvenRequest,
  readRequest,
} from './proven-request.js'
import { type ClientProof, proofHeader, readRequestObject } from './request-object.js'
import { REQUEST_OBJECT_TYP, type RequestObject, STATIC_WALLET_AUDIENCE } from './vp-request.js'

/** Protocols of OpenID4VP over the Digital Credentials API (Appendix A.1). */
export const dcApiProtocols = {
  unsigned: 'openid4vp-v1-unsigned',
  signed: 'openid4vp-v1-signed',
  multisigned: 'openid4vp-v1-multisigned',
} as const

/** One entry of `navigator.credentials.get({ digital: { requests } })`. */
export type DcApiRequest = { readonly protocol: string; readonly data: JsonObject }

/** What a wallet signs as `aud` over the Digital Credentials API, whoever signed the request (A.4). */
export function originAudience(origin: string): string {
  return `origin:${origin}`
}

/** A request without a signature: the origin is all that names the verifier. */
export function createUnsignedDcApiRequest(request: RequestObject): DcApiRequest {
  const { client_id: _, expected_origins: __, ...data } = request
  return { protocol: dcApiProtocols.unsigned, data: data as JsonObject }
}

/** A request signed elsewhere, by `createRequestObject` with `expected_origins`. */
export function createSignedDcApiRequest(requestObject: string): DcApiRequest {
  return { protocol: dcApiProtocols.signed, data: { request: requestObject } }
}

/** A verifier's signature under a request that several sign. */
export type DcApiSignature = {
  readonly clientId: string
  readonly signer: Signer
  readonly proof: ClientProof
}

/**
 * A request that several identities of one verifier sign, so that each wallet finds one it believes.
 *
 * @see OpenID4VP 1.0 Appendix A.3.2.2, RFC 7515 §7.2.1
 */
export async function createMultisignedDcApiRequest(options: {
  readonly request: RequestObject
  readonly signatures: readonly DcApiSignature[]
}): Promise<DcApiRequest> {
  const { client_id: _, ...request } = options.request
  const payload = encodeTextBase64Url(JSON.stringify({ ...request, aud: STATIC_WALLET_AUDIENCE }))
  const signatures = options.signatures.map(async ({ clientId, signer, proof }) => {
    const header = { alg: signer.alg, typ: REQUEST_OBJECT_TYP, client_id: clientId }
    const encoded = encodeTextBase64Url(
      JSON.stringify({ ...header, ...proofHeader(proof, signer) }),
    )
    const signature = await signer.sign(textToBytes(`${encoded}.${payload}`))
    return { protected: encoded, signature: encodeBase64Url(signature) }
  })
  const request_ = { payload, signatures: await Promise.all(signatures) }
  return { protocol: dcApiProtocols.multisigned, data: { request: request_ } }
}

/**
 * Proves who asks over the Digital Credentials API.
 *
 * @param options.origin - As the browser says, never as the request does.
 * @throws ProtocolError as `proveRequest`, and `expected_origins`
 * @see OpenID4VP 1.0 Appendix A.2, A.3
 */
export async function proveDcApiRequest(
  asked: DcApiRequest,
  options: { readonly origin: string; readonly trust: ClientTrust },
): Promise<ProvenRequest> {
  const { origin, trust } = options
  const audience = originAudience(origin)
  const { payload, client } = await proveByProtocol(asked, origin, trust)
  const request = readRequest(payload)
  if (request.response_mode !== 'dc_api' && request.response_mode !== 'dc_api.jwt') {
    throw refused('request_invalid', 'its response_mode is not one of the browser')
  }
  if (client.proof !== 'unsigned') {
    if (request.aud !== undefined && request.aud !== STATIC_WALLET_AUDIENCE) {
      throw refused('request_audience', 'its aud is not that of a wallet')
    }
    assertCurrent(payload, trust.now)
    // A.2: a signed request could otherwise be shown by another site than the one that signed it.
    if (request.expected_origins?.includes(origin) !== true) {
      throw refused('expected_origins', 'it was not made for this origin')
    }
  }
  const encrypted = isEncryptedMode(request.response_mode)
  return { client, audience, target: { to: 'browser' }, encrypted, request }
}

type Proof = { readonly payload: JsonObject; readonly client: ProvenClient }

async function proveByProtocol(
  { protocol, data }: DcApiRequest,
  origin: string,
  trust: ClientTrust,
): Promise<Proof> {
  const { request } = data
  switch (protocol) {
    case dcApiProtocols.unsigned:
      return { payload: data, client: originClient(origin) }
    case dcApiProtocols.signed:
      if (typeof request === 'string') return proveSignedRequest(request, trust)
      break
    case dcApiProtocols.multisigned:
      if (isJsonObject(request)) return proveOneOf(request, trust)
      break
    default:
  }
  throw refused('request_invalid', 'its protocol is not known, or its data of another form')
}

/** A.2: without a signature the origin stands for the verifier; a client_id in it is ignored. */
function originClient(origin: string): ProvenClient {
  const full = originAudience(origin)
  return {
    identifier: { full, prefix: 'origin', rest: origin },
    proof: 'unsigned',
    answers: null,
    key: null,
  }
}

async function proveSignedRequest(
  text: string,
  trust: ClientTrust,
  headerClientId?: string,
): Promise<Proof> {
  const { payload, jws } = readRequestObject(text)
  const clientId = headerClientId ?? memberOf(payload, 'client_id')
  if (jws === null || typeof clientId !== 'string') {
    throw refused('client_unproven', 'it is not signed, or does not say by whom')
  }
  return { payload, client: await proveClient(parseClientIdentifier(clientId), jws, trust) }
}

const MAX_SIGNATURES = 8

/** The first signature that holds counts; the others may be for other wallets. */
async function proveOneOf(request: JsonObject, trust: ClientTrust): Promise<Proof> {
  const { payload, signatures } = request
  let refusal: Error | undefined
  const candidates = isJsonArray(signatures) ? signatures.slice(0, MAX_SIGNATURES) : []
  for (const entry of candidates) {
    try {
      const { text, clientId } = compactOf(entry, payload)
      return await proveSignedRequest(text, trust, clientId)
    } catch (error) {
      if (!(error instanceof Error) || error instanceof TypeError) throw error
      refusal = error
    }
  }
  throw refusal ?? refused('client_unproven', 'it has no signatures')
}

function compactOf(entry: JsonValue, payload: JsonValue | undefined) {
  const { protected: header, signature } = isJsonObject(entry) ? entry : {}
  if (typeof header !== 'string' || typeof payload !== 'string' || typeof signature !== 'string') {
    throw refused('request_object', 'a signature of it is malformed')
  }
  const { client_id: clientId } = parseJsonObject(decodeTextBase64Url(header), { maxDepth: 8 })
  if (typeof clientId !== 'string') throw refused('client_unproven', 'a signature names no client')
  return { text: `${header}.${payload}.${signature}`, clientId }
}

function refused(code: ProtocolErrorCode, problem: string): ProtocolError {
  return new ProtocolError(code, `The presentation request is refused: ${problem}.`)
}
