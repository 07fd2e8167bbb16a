import { hashBase64Url, isEd25519Point, isP256Point } from '@netcert/credential/crypto'
import type { SignatureAlgorithm } from './algorithms.js'
import { decodeBase64Url } from './base64url.js'
import { CredentialError } from './errors.js'

/** A public signing key (RFC 7518 §6.2.1, RFC 8037 §2). Coordinates are always 32 octets. */
export type PublicJwk =
  | { readonly kty: 'EC'; readonly crv: 'P-256'; readonly x: string; readonly y: string }
  | { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string }

/** A private signing key. */
export type PrivateJwk = PublicJwk & { readonly d: string }

/** The one algorithm a key may be used with (RFC 8725 §3.1). */
export function algorithmOfJwk(jwk: PublicJwk): SignatureAlgorithm {
  return jwk.kty === 'EC' ? 'ES256' : 'EdDSA'
}

/**
 * Reads a public signing key and keeps only what makes the key: other members are ignored, except
 * those that say it is private, not for verifying, or to be fetched from elsewhere.
 *
 * @throws CredentialError `invalid_jwk` for a wrong form, a private key, or a key not meant for
 * signatures; `unsupported_key_type` for another kind of key; `invalid_public_key` for a point off
 * the curve or of small order.
 * @see RFC 7517 §4, RFC 7518 §6.2.1, RFC 8037 §2
 */
export function parsePublicJwk(value: unknown): PublicJwk {
  const jwk = readPublicJwk(value)
  if (jwk.kty === 'EC' && !isP256Point(decodeBase64Url(jwk.x), decodeBase64Url(jwk.y))) {
    throw new CredentialError('invalid_public_key', 'The public key is not a point of P-256.')
  }
  return jwk
}

/**
 * `parsePublicJwk` without the test that a P-256 point is on its curve, for keys that go straight to
 * `importVerifyingKey`, which makes that test itself.
 */
export function readPublicJwk(value: unknown): PublicJwk {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new CredentialError('invalid_jwk', 'A public key is a JSON object (JWK).')
  }
  const jwk = value as Readonly<Record<string, unknown>>
  const { kty, crv } = jwk
  if (kty === 'EC' && crv === 'P-256') {
    const key: PublicJwk = { kty, crv, x: coordinate(jwk['x']), y: coordinate(jwk['y']) }
    assertForVerifying(jwk, ['ES256'])
    return key
  }
  if (kty === 'OKP' && crv === 'Ed25519') return readEd25519(jwk)
  if (typeof kty !== 'string') throw new CredentialError('invalid_jwk', 'The key names no kty.')
  throw new CredentialError('unsupported_key_type', 'Only P-256 and Ed25519 keys are supported.')
}

/** RFC 7638 thumbprint with SHA-256, base64url. */
export function jwkThumbprint(jwk: PublicJwk): string {
  // §3.2: required members only, in lexicographic order, no white space. The values are base64url
  // and need no escaping.
  const members =
    jwk.kty === 'EC'
      ? `{"crv":"P-256","kty":"EC","x":"${jwk.x}","y":"${jwk.y}"}`
      : `{"crv":"Ed25519","kty":"OKP","x":"${jwk.x}"}`
  return hashBase64Url('sha-256', members)
}

/** True when both are the same key. */
export function sameKey(a: PublicJwk, b: PublicJwk): boolean {
  return a.kty === b.kty && a.x === b.x && (a.kty !== 'EC' || b.kty !== 'EC' || a.y === b.y)
}

function readEd25519(jwk: Readonly<Record<string, unknown>>): PublicJwk {
  const x = coordinate(jwk['x'])
  if (jwk['y'] !== undefined) throw new CredentialError('invalid_jwk', 'An OKP key has no y.')
  if (!isEd25519Point(decodeBase64Url(x))) {
    throw new CredentialError('invalid_public_key', 'The public key is not a usable Ed25519 point.')
  }
  // RFC 9864 gave the algorithm a name of its own; keys in the wild have either.
  assertForVerifying(jwk, ['EdDSA', 'Ed25519'])
  return { kty: 'OKP', crv: 'Ed25519', x }
}

// 43 characters hold 32 octets and 2 spare bits, which must be zero. Full size, leading zeros kept:
// RFC 7518 §6.2.1.2.
const CANONICAL_32_OCTETS = /^[\w-]{42}[AEIMQUYcgkosw048]$/

function coordinate(value: unknown): string {
  if (typeof value === 'string' && CANONICAL_32_OCTETS.test(value)) return value
  throw new CredentialError('invalid_jwk', 'A coordinate is not 32 octets in base64url.')
}

/** Members of RFC 7517 §4 that say what a key is for, or where to fetch it. */
function assertForVerifying(jwk: Readonly<Record<string, unknown>>, algs: readonly string[]): void {
  const { alg, use, key_ops: operations } = jwk
  const fits =
    jwk['d'] === undefined &&
    jwk['x5u'] === undefined &&
    jwk['jku'] === undefined &&
    (alg === undefined || (typeof alg === 'string' && algs.includes(alg))) &&
    (use === undefined || use === 'sig') &&
    (operations === undefined || (Array.isArray(operations) && operations.includes('verify')))
  if (!fits) {
    throw new CredentialError(
      'invalid_jwk',
      'The key is private, not meant for verifying, or to be fetched; send the plain public key.',
    )
  }
}
