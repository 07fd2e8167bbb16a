import {
  createJws,
  CredentialError,
  decodeTextBase64Url,
  encodeTextBase64Url,
  epochSeconds,
  type JsonObject,
  memberOf,
  parseJsonObject,
  type Signer,
  type UnverifiedJwt,
} from '@netcert/credential'
import { ProtocolError } from './errors.js'
import { type MessageKind, readSigned } from './signed-message.js'
import {
  REQUEST_OBJECT_TYP,
  type RequestObject,
  requestLimits,
  STATIC_WALLET_AUDIENCE,
} from './vp-request.js'

const kind: MessageKind = {
  typ: REQUEST_OBJECT_TYP,
  what: 'The request object',
  code: 'request_object',
}

/** What comes with a request object so that a wallet can prove who signed it. */
export type ClientProof =
  /** The signer's own did:key. */
  | { readonly kind: 'did' }
  /** Base64 DER of the leaf and what leads to the anchor; the anchor is left out (HAIP §5). */
  | { readonly kind: 'x5c'; readonly chain: readonly string[] }
  | { readonly kind: 'attestation'; readonly jwt: string }

/**
 * Signs a request object (RFC 9101).
 *
 * @returns The compact JWS with `typ`, the proof of the client, `aud`, `iat` and `exp`.
 * @see OpenID4VP 1.0 §5, §5.8, §5.9.3
 */
export function createRequestObject(options: {
  readonly request: RequestObject
  readonly signer: Signer
  readonly proof: ClientProof
  readonly issuedAt: Date
  readonly expiresAt: Date
}): Promise<string> {
  const { request, signer, proof, issuedAt, expiresAt } = options
  return createJws({
    header: { typ: REQUEST_OBJECT_TYP, ...proofHeader(proof, signer) },
    payload: {
      ...(request as JsonObject),
      aud: STATIC_WALLET_AUDIENCE,
      iat: epochSeconds(issuedAt),
      exp: epochSeconds(expiresAt),
    },
    signer,
  })
}

/** The header members that prove a client. */
export function proofHeader(proof: ClientProof, signer: Signer): JsonObject {
  switch (proof.kind) {
    case 'did':
      return { kid: signer.keyId }
    case 'x5c':
      return { x5c: proof.chain }
    case 'attestation':
      return { jwt: proof.jwt }
  }
}

/**
 * A request object without a signature, for a `redirect_uri` client that wants to hand its request
 * over by reference: it proves as little as the same parameters in a URL.
 */
export function createUnsignedRequestObject(request: RequestObject): string {
  const header = encodeTextBase64Url(JSON.stringify({ alg: 'none', typ: REQUEST_OBJECT_TYP }))
  const payload = { ...request, aud: STATIC_WALLET_AUDIENCE }
  return `${header}.${encodeTextBase64Url(JSON.stringify(payload))}.`
}

/** A request object whose form and `typ` are right; `jws` is null when it says it is unsigned. */
export type ReadRequestObject = {
  readonly payload: JsonObject
  readonly jws: UnverifiedJwt | null
}

/**
 * Takes a request object apart. Nothing about its signature is known afterwards.
 *
 * @throws ProtocolError `request_object`
 * @see RFC 9101 §4, OpenID4VP 1.0 §5
 */
export function readRequestObject(text: string): ReadRequestObject {
  if (text.length > requestLimits.maxObjectBytes) throw refused('it is too large')
  const unsigned = readUnsigned(text)
  if (unsigned !== null) return { payload: unsigned, jws: null }
  const jws = readSigned(text, kind)
  return { payload: jws.payload, jws }
}

function readUnsigned(text: string): JsonObject | null {
  const [encodedHeader, encodedPayload, signature, ...more] = text.split('.')
  // An unsecured JWS has three parts, and its last is empty (RFC 7515 Appendix A.5).
  if (signature !== '' || more.length > 0) return null
  try {
    const header = parseJsonObject(decodeTextBase64Url(encodedHeader ?? ''), { maxDepth: 8 })
    const { alg, typ } = header
    if (alg !== 'none' || typ !== REQUEST_OBJECT_TYP || memberOf(header, 'crit') !== undefined) {
      throw refused('it has no signature, and does not say so')
    }
    return parseJsonObject(decodeTextBase64Url(encodedPayload ?? ''), { maxDepth: 32 })
  } catch (cause) {
    if (!(cause instanceof CredentialError)) throw cause
    throw refused('it is no JWT', cause)
  }
}

function refused(problem: string, cause?: unknown): ProtocolError {
  return new ProtocolError('request_object', `The request object is refused: ${problem}.`, {
    cause,
  })
}
