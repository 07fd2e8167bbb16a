import type { VerifyingKey } from '@netcert/credential/crypto'
import type { SignatureAlgorithm } from './algorithms.js'
import { type CertifiedSigner, keyHeaderOf } from './certified-signer.js'
import { epochSeconds } from './epoch-seconds.js'
import { CredentialError } from './errors.js'
import { type JsonObject, memberOf } from './json.js'
import { createJws, parseJws, type UnverifiedJwt, verifyJws } from './jws.js'
import type { Signer } from './signer.js'
import {
  decodeStatusList,
  deferStatusList,
  encodeStatusList,
  MAX_STATUS_LIST_BYTES,
  type StatusBits,
  type StatusList,
} from './status-list.js'
import { claimMissing, readStatusClaims, type StatusTokenClaims } from './status-token-claims.js'

/** `typ` of a status list token. @see draft-ietf-oauth-status-list §5.1 */
export const STATUS_LIST_TYP = 'statuslist+jwt'

/** A status list token that was verified. */
export type StatusListToken = StatusTokenClaims & { readonly list: StatusList }

/** A key that may sign a status list; `keyId` null means that a pinned key counts under any `kid`. */
export type StatusSigner = { readonly keyId: string | null; readonly key: VerifyingKey }

export type StatusTokenLimits = {
  readonly maxTokenBytes: number
  readonly maxListBytes: number
  readonly maxDepth: number
}

/** Token 4 MiB, inflated list 16 MiB, JSON depth 32. */
export const statusTokenLimits: StatusTokenLimits = {
  maxTokenBytes: 4 * 1024 * 1024,
  maxListBytes: MAX_STATUS_LIST_BYTES,
  maxDepth: 32,
}

export type CreateStatusListOptions = {
  /** Where the token will be published; certificates name exactly this text. */
  readonly uri: string
  /** 1, or 2 where suspension is used. */
  readonly bits: 1 | 2
  /** The packed entries, as `encodeStatuses` or `createEmptyStatusList` make them. */
  readonly entries: Uint8Array
  readonly signer: Signer | CertifiedSigner
  readonly issuedAt: Date
  /** The hard end: after it the list says nothing. */
  readonly expiresAt: Date
  /** How long the list counts as fresh. */
  readonly ttlSeconds: number
}

/**
 * Signs a status list.
 *
 * @throws TypeError for a life-time or ttl that is not positive, or a list beyond 16 MiB.
 * @see Token Status List §5.1
 */
export async function createStatusList(options: CreateStatusListOptions): Promise<string> {
  const { uri, bits, entries, signer, ttlSeconds } = options
  const iat = epochSeconds(options.issuedAt)
  const exp = epochSeconds(options.expiresAt)
  if (!(exp > iat) || !(ttlSeconds > 0)) throw new TypeError('A status list needs a life-time.')
  if (entries.length > MAX_STATUS_LIST_BYTES) throw new TypeError('The status list is too long.')
  return createJws({
    header: { typ: STATUS_LIST_TYP, ...keyHeaderOf(signer) },
    payload: {
      sub: uri,
      iat,
      exp,
      ttl: ttlSeconds,
      status_list: encodeStatusList({ bits: bits satisfies StatusBits, bytes: entries }),
    },
    signer,
  })
}

/**
 * Takes a token apart without trusting it: size, form, `typ`.
 *
 * @param keyInHeader - `x5c` for a caller who looks the certified key up on a list of its own.
 * @throws CredentialError `too_large`, `typ_mismatch`, `header_invalid`, or as `parseJws`
 */
export function parseStatusListToken(
  token: string,
  algorithms: readonly SignatureAlgorithm[],
  limits: StatusTokenLimits,
  keyInHeader: 'none' | 'x5c' = 'none',
): UnverifiedJwt {
  if (token.length > limits.maxTokenBytes) {
    throw new CredentialError(
      'too_large',
      `The status list token is longer than ${limits.maxTokenBytes} bytes: split the list.`,
    )
  }
  const jwt = parseJws(token, { algorithms, maxDepth: limits.maxDepth })
  if (jwt.header['typ'] !== STATUS_LIST_TYP) {
    throw new CredentialError('typ_mismatch', `A status list token has typ ${STATUS_LIST_TYP}.`)
  }
  assertNoKeyInHeader(jwt.header, keyInHeader)
  return jwt
}

/**
 * Checks the signature of a parsed token by one of the keys that may sign it, then reads its claims.
 * Time is not looked at: see `assertCurrent`.
 *
 * @param inflate - `later` leaves the entries compressed until one of them is read; what is wrong with
 *   them is said then.
 * @throws CredentialError `status_issuer_untrusted`, `bad_signature`, `alg_key_mismatch`,
 * `status_token_claim_missing`, `time_malformed`, `status_ttl_malformed`, `status_list_malformed`,
 * `status_list_too_large`, `bad_base64url`
 * @see Token Status List §5.1, §8.3 steps 3 to 5
 */
export async function verifyStatusListToken(
  jwt: UnverifiedJwt,
  signers: readonly StatusSigner[],
  limits: StatusTokenLimits,
  inflate: 'now' | 'later' = 'now',
): Promise<StatusListToken> {
  await verifyStatusSigner(jwt, signers)
  if (memberOf(jwt.payload, 'status_list') === undefined) throw claimMissing()
  const claims = readStatusClaims(jwt.payload)
  const decode = inflate === 'now' ? decodeStatusList : deferStatusList
  return { ...claims, list: decode(jwt.payload['status_list'], limits.maxListBytes) }
}

/** When a token counts. Times in seconds. */
export type StatusTokenWindow = {
  readonly now: number
  readonly clockSkewSeconds: number
  /** How far ahead of the clock `iat` may lie. */
  readonly maxFutureSeconds: number
  /** Oldest `iat` that is taken; null when `exp` alone decides. */
  readonly maxAgeSeconds: number | null
}

/**
 * Checks the times of a token against a clock.
 *
 * @throws CredentialError `time_expired`, `time_not_yet_valid`, `status_list_stale`
 * @see Token Status List §8.3 step 4
 */
export function assertCurrent(
  token: Pick<StatusListToken, 'issuedAt' | 'notBefore' | 'expiresAt'>,
  window: StatusTokenWindow,
): void {
  if (token.expiresAt !== null && window.now >= token.expiresAt + window.clockSkewSeconds) {
    throw new CredentialError('time_expired', 'The status list is past its end: fetch a newer one.')
  }
  const early = token.notBefore !== null && token.notBefore > window.now + window.clockSkewSeconds
  if (early || token.issuedAt > window.now + window.maxFutureSeconds) {
    throw new CredentialError(
      'time_not_yet_valid',
      'The status list is from the future: set the clock.',
    )
  }
  if (window.maxAgeSeconds !== null && window.now - token.issuedAt > window.maxAgeSeconds) {
    throw new CredentialError('status_list_stale', 'The status list is too old: fetch a newer one.')
  }
}

/**
 * Checks that a token is the list a certificate names. Plain comparison: no normalising of case,
 * slash, port or escapes.
 *
 * @throws CredentialError `status_sub_mismatch`
 * @see Token Status List §8.3 step 4
 */
export function assertSubject(token: { readonly uri: string }, uri: string): void {
  if (token.uri !== uri) {
    throw new CredentialError(
      'status_sub_mismatch',
      'The status list is not the one the certificate names: fetch that one.',
    )
  }
}

/**
 * Checks a signature by one of the keys that may sign for a list; a `kid` picks among them.
 *
 * @throws CredentialError `status_issuer_untrusted`, `bad_signature`, `alg_key_mismatch`
 */
export async function verifyStatusSigner(
  jwt: UnverifiedJwt,
  signers: readonly StatusSigner[],
): Promise<void> {
  const kid = jwt.header['kid']
  const candidates = signers.filter(({ keyId, key }) =>
    kid === undefined ? key.alg === jwt.alg : keyId === null || keyId === kid,
  )
  let failure = new CredentialError(
    'status_issuer_untrusted',
    'The status list is signed by nobody who may: import a trust list that names the signer.',
  )
  for (const { key } of candidates) {
    try {
      await verifyJws(jwt, key)
      return
    } catch (error) {
      if (!(error instanceof CredentialError)) throw error
      failure = error
    }
  }
  throw failure
}

/** Keys come from the trust list; a header that brings its own is an attempt to choose. */
function assertNoKeyInHeader(header: JsonObject, allowed: 'none' | 'x5c'): void {
  for (const name of ['jwk', 'jku', 'x5c', 'x5u']) {
    if (name !== allowed && Object.hasOwn(header, name)) {
      throw new CredentialError('header_invalid', 'The header of a status list token brings a key.')
    }
  }
}
