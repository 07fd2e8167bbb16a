import { textToBytes, type VerifyingKey, verifySignature } from '@netcert/credential/crypto'
import { isSignatureAlgorithm, type SignatureAlgorithm } from './algorithms.js'
import {
  decodeBase64Url,
  decodeTextBase64Url,
  encodeBase64Url,
  encodeTextBase64Url,
} from './base64url.js'
import { CredentialError } from './errors.js'
import { isJsonObject, type JsonObject, parseJson, parseJsonObject } from './json.js'
import type { Signer } from './signer.js'

/** A JWS in compact serialization whose form is right and whose signature nobody has checked yet. */
export type UnverifiedJws = {
  readonly header: JsonObject
  /** The row of the header's `alg`; every other name was refused. */
  readonly alg: SignatureAlgorithm
  readonly encodedPayload: string
  /** The octets that are signed, as the text that was received (RFC 7515 §5.2 step 8). */
  readonly signingInput: string
  readonly signature: Uint8Array
}

/** An `UnverifiedJws` whose payload is a JSON object: an unverified JWT. */
export type UnverifiedJwt = UnverifiedJws & { readonly payload: JsonObject }

export type JwsOptions = {
  /** What may be in the header's `alg`; `none` can never be. */
  readonly algorithms: readonly SignatureAlgorithm[]
  readonly maxDepth: number
}

/**
 * Takes a compact JWS with any payload apart and checks everything about it but the signature.
 *
 * @throws CredentialError `malformed_jws`, `bad_base64url`, `bad_utf8`, `bad_json`,
 * `duplicate_json_key`, `too_deep`, `header_invalid`, `alg_not_allowed`, `crit_unsupported`
 * @see RFC 7515 §5.2, §7.1
 */
export function splitJws(text: string, options: JwsOptions): UnverifiedJws {
  const jws = takeApart(text, options)
  // RFC 7515 §5.2 step 6: also a payload nobody reads must be base64url and nothing else.
  decodeBase64Url(jws.encodedPayload)
  return jws
}

/**
 * `splitJws` for a JWT, whose payload is a JSON object.
 *
 * @throws CredentialError as `splitJws`, and `payload_not_object`
 * @see RFC 7519 §7.2
 */
export function parseJws(text: string, options: JwsOptions): UnverifiedJwt {
  const { header, alg, encodedPayload, signingInput, signature } = takeApart(text, options)
  const payload = parseJsonObject(decodeTextBase64Url(encodedPayload), options)
  // Written out: spreading an object costs as much as parsing a small one.
  return { header, alg, encodedPayload, signingInput, signature, payload }
}

function takeApart(text: string, options: JwsOptions): UnverifiedJws {
  const first = text.indexOf('.')
  const second = text.indexOf('.', first + 1)
  if (first < 1 || second < 0 || second === text.length - 1 || text.indexOf('.', second + 1) >= 0) {
    throw new CredentialError('malformed_jws', 'A signed part is not header.payload.signature.')
  }
  const header = readHeader(text.slice(0, first), options.maxDepth)
  const alg = header['alg']
  if (!isSignatureAlgorithm(alg) || !options.algorithms.includes(alg)) {
    throw new CredentialError('alg_not_allowed', 'The signature algorithm is not allowed here.')
  }
  return {
    header,
    alg,
    encodedPayload: text.slice(first + 1, second),
    signingInput: text.slice(0, second),
    signature: decodeBase64Url(text.slice(second + 1)),
  }
}

/**
 * Checks the signature with a key that the caller chose; nothing in the header chooses one.
 *
 * @throws CredentialError `alg_key_mismatch`, `bad_signature`
 * @see RFC 7515 §5.2 step 8, RFC 8725 §3.1
 */
export async function verifyJws(jws: UnverifiedJws, key: VerifyingKey): Promise<void> {
  if (key.alg !== jws.alg) {
    throw new CredentialError('alg_key_mismatch', 'The algorithm is not the one of the key.')
  }
  if (!(await verifySignature(key, jws.signingInput, jws.signature))) {
    throw new CredentialError('bad_signature', 'The signature does not belong to this text.')
  }
}

export type CreateJwsOptions = {
  /** Header members besides `alg`, which the signer decides; `typ` always, `kid` where it helps. */
  readonly header: JsonObject & { readonly typ: string }
  readonly payload: JsonObject
  readonly signer: Signer
}

/**
 * Signs a JSON payload; gives the compact serialization.
 *
 * @see RFC 7515 §5.1, §7.1
 */
export async function createJws(options: CreateJwsOptions): Promise<string> {
  const { header, payload, signer } = options
  const encodedHeader = encodeTextBase64Url(JSON.stringify({ alg: signer.alg, ...header }))
  return signEncoded(encodedHeader, encodeTextBase64Url(JSON.stringify(payload)), signer)
}

/** Signs what is encoded already. */
export async function signEncoded(
  header: string,
  payload: string,
  signer: Signer,
): Promise<string> {
  const signingInput = `${header}.${payload}`
  const signature = await signer.sign(textToBytes(signingInput))
  return `${signingInput}.${encodeBase64Url(signature)}`
}

// Issuers send the same header again and again. The cache holds parsed, checked texts only, and is
// emptied when somebody sends many different ones.
const headers = new Map<string, JsonObject>()
const HEADERS_KEPT = 64
const HEADER_CHARACTERS_KEPT = 2048

function readHeader(encoded: string, maxDepth: number): JsonObject {
  const known = headers.get(encoded)
  if (known !== undefined) return known
  const header = parseJson(decodeTextBase64Url(encoded), { maxDepth })
  if (!isJsonObject(header)) {
    throw new CredentialError('header_invalid', 'A JOSE header is a JSON object.')
  }
  // RFC 7515 §4.1.11: no extension is understood here, so none may be critical. RFC 7797 §6: the
  // payload of a JWT is always encoded.
  if (Object.hasOwn(header, 'crit') || (header['b64'] !== undefined && header['b64'] !== true)) {
    throw new CredentialError('crit_unsupported', 'The header demands an extension.')
  }
  if (encoded.length <= HEADER_CHARACTERS_KEPT) {
    if (headers.size >= HEADERS_KEPT) headers.clear()
    headers.set(encoded, Object.freeze(header))
  }
  return header
}
