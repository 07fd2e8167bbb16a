import { hashBase64Url } from '@netcert/credential/crypto'
import type { HashAlgorithm, SignatureAlgorithm } from './algorithms.js'
import { encodeTextBase64Url } from './base64url.js'
import { dereferenceDidKey } from './did-key.js'
import { epochSeconds } from './epoch-seconds.js'
import { CredentialError, type CredentialErrorCode } from './errors.js'
import { isJsonObject, type JsonObject, type JsonValue } from './json.js'
import { type PublicJwk, readPublicJwk } from './jwk.js'
import { parseJws, signEncoded, type UnverifiedJwt } from './jws.js'
import type { Signer } from './signer.js'

/** What a Verifier demands of the key binding (RFC 9901 §7.3 step 1): never what was sent decides. */
export type KeyBindingPolicy =
  | { readonly mode: 'none' }
  | {
      readonly mode: 'required' | 'optional'
      /** The one `aud` that is taken, compared exactly. */
      readonly audience: string
      readonly nonce: string
      readonly maxAgeSeconds: number
      readonly maxFutureSeconds: number
    }

export type KeyBindingDemands = Exclude<KeyBindingPolicy, { mode: 'none' }> & {
  /** Seconds since 1970. */
  readonly now: number
  readonly clockSkewSeconds: number
  readonly algorithms: readonly SignatureAlgorithm[]
  readonly maxDepth: number
}

/**
 * Reads a KB-JWT and checks everything but `sd_hash` and the signature.
 *
 * @throws CredentialError `kb_malformed`, `kb_alg`, `kb_typ`, `kb_claim_missing`, `kb_aud`,
 * `kb_nonce`, `kb_iat`, `kb_time_expired`, `time_not_yet_valid`, `time_malformed`, and as `parseJws`
 * @see RFC 9901 §4.3, §7.3 steps 5.2 and 5.4 to 5.8
 */
export function readKeyBinding(text: string, demands: KeyBindingDemands): UnverifiedJwt {
  const jwt = parse(text, demands)
  if (jwt.header['typ'] !== 'kb+jwt') {
    throw new CredentialError('kb_typ', 'The typ of the key binding is not kb+jwt.')
  }
  const { aud, nonce, iat, sd_hash: sdHash } = jwt.payload
  if (aud === undefined || nonce === undefined || iat === undefined || sdHash === undefined) {
    throw new CredentialError('kb_claim_missing', 'The key binding lacks a required claim.')
  }
  // Strings only: a list of audiences would let one presentation serve several verifiers.
  if (aud !== demands.audience) {
    throw new CredentialError('kb_aud', 'The presentation was made for another verifier.')
  }
  if (nonce !== demands.nonce) {
    throw new CredentialError('kb_nonce', 'The presentation answers another request.')
  }
  assertRecent(iat, demands)
  assertWithinLifetime(jwt.payload, demands)
  return jwt
}

/**
 * @throws CredentialError `kb_sd_hash`
 * @see RFC 9901 §4.3.1
 */
export function assertSdHash(
  payload: JsonObject,
  boundText: string,
  hashAlgorithm: HashAlgorithm,
): void {
  if (payload['sd_hash'] !== hashBase64Url(hashAlgorithm, boundText)) {
    throw new CredentialError(
      'kb_sd_hash',
      'The key binding was made for other claims or another certificate.',
    )
  }
}

export type CreateKeyBindingOptions = {
  /** `<jwt>~<d>~…~`, last tilde included. */
  readonly boundText: string
  readonly hashAlgorithm: HashAlgorithm
  readonly audience: string
  readonly nonce: string
  readonly issuedAt: Date
  readonly signer: Signer
  /** More claims of the KB-JWT, such as `transaction_data_hashes`. */
  readonly claims: JsonObject
}

/** The KB-JWT of RFC 9901 §4.3. */
export function createKeyBinding(options: CreateKeyBindingOptions): Promise<string> {
  const required = {
    iat: epochSeconds(options.issuedAt),
    aud: options.audience,
    nonce: options.nonce,
    sd_hash: hashBase64Url(options.hashAlgorithm, options.boundText),
  }
  const { claims, signer } = options
  // Further claims never replace a required one; without any the copy is saved.
  const payload = Object.keys(claims).length === 0 ? required : { ...claims, ...required }
  return signEncoded(headers[signer.alg], encodeTextBase64Url(JSON.stringify(payload)), signer)
}

const headers = {
  ES256: encodeTextBase64Url('{"alg":"ES256","typ":"kb+jwt"}'),
  EdDSA: encodeTextBase64Url('{"alg":"EdDSA","typ":"kb+jwt"}'),
} as const

/**
 * The holder's key in the `cnf` claim: an inline public JWK, or, where the policy allows it, a
 * did:key URL as `kid`. Nothing is ever fetched.
 *
 * @throws CredentialError `cnf_missing`, `cnf_unsupported`, `cnf_invalid_key`
 * @see RFC 9901 §4.1.2, RFC 7800 §3
 */
export function readConfirmationKey(
  cnf: JsonValue | undefined,
  options: { readonly allowDidKey: boolean },
): PublicJwk {
  if (cnf === undefined) {
    throw new CredentialError('cnf_missing', 'The certificate names no holder key.')
  }
  if (isJsonObject(cnf)) {
    // RFC 7800 §3.1: one key only. jku and x5u would be fetched, jwe decrypted.
    const others = Object.keys(cnf).filter((name) => name !== 'jwk' && name !== 'kid')
    const { jwk, kid } = cnf
    if (jwk !== undefined && others.length === 0) return readKey(() => readPublicJwk(jwk))
    if (kid !== undefined && others.length === 0 && options.allowDidKey) {
      return readKey(() => dereferenceDidKey(kid), 'cnf_unsupported')
    }
  }
  throw new CredentialError('cnf_unsupported', 'The holder key is not given as an inline JWK.')
}

function readKey(read: () => PublicJwk, code: CredentialErrorCode = 'cnf_invalid_key'): PublicJwk {
  try {
    return read()
  } catch (cause) {
    throw new CredentialError(code, 'The holder key of the certificate is not usable.', { cause })
  }
}

const renamed: Readonly<Partial<Record<CredentialErrorCode, CredentialErrorCode>>> = {
  alg_not_allowed: 'kb_alg',
  malformed_jws: 'kb_malformed',
  payload_not_object: 'kb_malformed',
}

function parse(text: string, demands: KeyBindingDemands): UnverifiedJwt {
  try {
    return parseJws(text, demands)
  } catch (error) {
    const code = error instanceof CredentialError ? renamed[error.code] : undefined
    if (code === undefined) throw error
    throw new CredentialError(code, 'The key binding is not a JWT that is allowed here.', {
      cause: error,
    })
  }
}

function assertRecent(iat: JsonValue, demands: KeyBindingDemands): void {
  const fresh =
    typeof iat === 'number' &&
    iat >= demands.now - demands.maxAgeSeconds &&
    iat <= demands.now + demands.maxFutureSeconds
  if (!fresh) {
    throw new CredentialError('kb_iat', 'The presentation was not made just now; present again.')
  }
}

/** §7.3 step 5.8: a valid JWT in all other respects. */
function assertWithinLifetime(payload: JsonObject, demands: KeyBindingDemands): void {
  const { exp, nbf } = payload
  if (
    exp !== undefined &&
    !(typeof exp === 'number' && demands.now < exp + demands.clockSkewSeconds)
  ) {
    throw new CredentialError('kb_time_expired', 'The key binding has expired; present again.')
  }
  if (
    nbf !== undefined &&
    !(typeof nbf === 'number' && demands.now >= nbf - demands.clockSkewSeconds)
  ) {
    throw new CredentialError('time_not_yet_valid', 'The key binding is not valid yet.')
  }
}
