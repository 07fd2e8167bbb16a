import { importVerifyingKey, type VerifyingKey } from '@netcert/credential/crypto'
import { type HashAlgorithm, isHashAlgorithm, type SignatureAlgorithm } from './algorithms.js'
import { CredentialError, type CredentialErrorCode } from './errors.js'
import type { JsonObject, JsonValue } from './json.js'
import type { PublicJwk } from './jwk.js'
import { parseJws, type UnverifiedJwt, verifyJws } from './jws.js'
import {
  assertSdHash,
  type KeyBindingPolicy,
  readConfirmationKey,
  readKeyBinding,
} from './key-binding.js'
import type { TokenLimits } from './limits.js'
import { type SdJwtParts, splitSdJwt } from './sd-jwt.js'
import { processSdJwt, type SelectiveStructure } from './sd-jwt-process.js'
import { assertValidity, type ValidityPolicy } from './validity.js'

/** Everything a Verifier decides before it looks at what it was handed. */
export type SdJwtPolicy = ValidityPolicy & {
  readonly algorithms: readonly SignatureAlgorithm[]
  readonly hashAlgorithms: readonly HashAlgorithm[]
  /** The exact `typ` of the issuer-signed JWT, or null to leave it open (RFC 9901 §9.11). */
  readonly typ: string | null
  /**
   * The keys that count for this issuer, chosen by the Verifier's own knowledge; one of them must
   * have signed. Throws a CredentialError when there is none.
   */
  readonly issuerKeys: (header: JsonObject, payload: JsonObject) => readonly VerifyingKey[]
  readonly keyBinding: KeyBindingPolicy
  /** Whether `cnf.kid` may be a did:key URL. */
  readonly allowDidKeyConfirmation: boolean
  readonly limits: TokenLimits
}

/** An SD-JWT that passed every check but the signatures: nothing in it may be used yet. */
export type ReadSdJwt = {
  readonly parts: SdJwtParts
  readonly jwt: UnverifiedJwt
  /** The processed payload of RFC 9901 §7.1. */
  readonly payload: JsonObject
  readonly structure: SelectiveStructure
  readonly hashAlgorithm: HashAlgorithm
  readonly issuerKeys: readonly VerifyingKey[]
  /** The key binding and the key that must have signed it, or null when there is none. */
  readonly keyBinding: { readonly jwt: UnverifiedJwt; readonly holderKey: PublicJwk } | null
}

/** An SD-JWT whose signatures are proven too. */
export type VerifiedSdJwt = ReadSdJwt & { readonly verified: true }

/**
 * Verifies an SD-JWT or SD-JWT+KB. All checks that cost little come first, in the order of the
 * standard; the signatures, which cost most, come last, and nothing is returned before them.
 *
 * @throws CredentialError with the code of the step that failed
 * @see RFC 9901 §7.1, §7.3
 */
export async function verifySdJwt(text: string, policy: SdJwtPolicy): Promise<VerifiedSdJwt> {
  return proveSdJwt(readSdJwt(text, policy))
}

/** The first half of `verifySdJwt`: everything that needs no signature. */
export function readSdJwt(text: string, policy: SdJwtPolicy): ReadSdJwt {
  const { limits } = policy
  const parts = splitSdJwt(text, limits)
  // §4: a Verifier that expects an SD-JWT checks that nothing follows the last tilde, and
  // §7.3 steps 1 and 2: whether a key binding is required is not up to the Holder.
  assertKeyBindingPresence(parts, policy.keyBinding)
  const jwt = parseJws(parts.jwt, { algorithms: policy.algorithms, maxDepth: limits.maxDepth })
  if (policy.typ !== null && jwt.header['typ'] !== policy.typ) {
    throw new CredentialError('typ_mismatch', `The typ of the certificate is not ${policy.typ}.`)
  }
  // §7.1 step 2.3: the key comes from what the Verifier knows about the issuer.
  const issuerKeys = usableKeys(jwt, policy)
  const hashAlgorithm = readHashAlgorithm(jwt.payload['_sd_alg'], policy.hashAlgorithms)
  const keyBindingJwt = readBinding(parts, hashAlgorithm, policy)
  const { payload, structure } = processSdJwt({
    payload: jwt.payload,
    disclosures: parts.disclosures,
    hashAlgorithm,
    limits,
  })
  assertValidity(payload, policy)
  const keyBinding = keyBindingJwt && {
    jwt: keyBindingJwt,
    holderKey: readConfirmationKey(payload['cnf'], {
      allowDidKey: policy.allowDidKeyConfirmation,
    }),
  }
  return { parts, jwt, payload, structure, hashAlgorithm, issuerKeys, keyBinding }
}

/**
 * The second half of `verifySdJwt`: the signatures.
 *
 * @throws CredentialError `bad_signature`, `cnf_invalid_key`, `alg_key_mismatch`, `kb_signature`
 */
export async function proveSdJwt(read: ReadSdJwt): Promise<VerifiedSdJwt> {
  // §7.1 step 2.2
  await verifyWithOneOf(read.jwt, read.issuerKeys)
  if (read.keyBinding !== null) {
    await proveKeyBinding(read.keyBinding.jwt, read.keyBinding.holderKey)
  }
  const { parts, jwt, payload, structure, hashAlgorithm, issuerKeys, keyBinding } = read
  return { parts, jwt, payload, structure, hashAlgorithm, issuerKeys, keyBinding, verified: true }
}

/**
 * Checks the signature of a KB-JWT with the key in `cnf` and no other.
 *
 * @throws CredentialError `cnf_invalid_key`, `alg_key_mismatch`, `kb_signature`
 * @see RFC 9901 §7.3 steps 5.1 and 5.3
 */
export async function proveKeyBinding(jwt: UnverifiedJwt, holderKey: PublicJwk): Promise<void> {
  const key = await importHolderKey(holderKey)
  await renaming('bad_signature', 'kb_signature', verifyJws(jwt, key))
}

function assertKeyBindingPresence(parts: SdJwtParts, policy: KeyBindingPolicy): void {
  if (policy.mode === 'none' && parts.keyBindingJwt !== null) {
    throw new CredentialError(
      'kb_unexpected',
      'Something follows the certificate; a bare certificate ends with a tilde.',
    )
  }
  if (policy.mode === 'required' && parts.keyBindingJwt === null) {
    throw new CredentialError('kb_missing', 'The presentation has no key binding.')
  }
}

function usableKeys(jwt: UnverifiedJwt, policy: SdJwtPolicy): readonly VerifyingKey[] {
  const keys = policy.issuerKeys(jwt.header, jwt.payload)
  const usable = keys.filter((key) => key.alg === jwt.alg)
  if (keys.length === 0) {
    throw new CredentialError('issuer_untrusted', 'The issuer is not one that is trusted here.')
  }
  if (usable.length === 0) {
    throw new CredentialError('alg_key_mismatch', 'The algorithm is not the one of the key.')
  }
  return usable
}

/**
 * The hash of the digests: case matters, and the name must be one this Verifier holds for secure.
 *
 * @throws CredentialError `sd_alg_unsupported`
 * @see RFC 9901 §7.1 step 2.4
 */
export function readHashAlgorithm(
  name: JsonValue | undefined,
  allowed: readonly HashAlgorithm[],
): HashAlgorithm {
  const alg = name === undefined ? 'sha-256' : name
  if (isHashAlgorithm(alg) && allowed.includes(alg)) return alg
  throw new CredentialError('sd_alg_unsupported', 'The hash algorithm is not allowed here.')
}

function readBinding(
  parts: SdJwtParts,
  hashAlgorithm: HashAlgorithm,
  policy: SdJwtPolicy,
): UnverifiedJwt | null {
  const { keyBinding } = policy
  if (parts.keyBindingJwt === null || keyBinding.mode === 'none') return null
  const jwt = readKeyBinding(parts.keyBindingJwt, {
    mode: keyBinding.mode,
    audience: keyBinding.audience,
    nonce: keyBinding.nonce,
    maxAgeSeconds: keyBinding.maxAgeSeconds,
    maxFutureSeconds: keyBinding.maxFutureSeconds,
    now: policy.now,
    clockSkewSeconds: policy.clockSkewSeconds,
    algorithms: policy.algorithms,
    maxDepth: policy.limits.maxDepth,
  })
  assertSdHash(jwt.payload, parts.boundText, hashAlgorithm)
  return jwt
}

async function verifyWithOneOf(jwt: UnverifiedJwt, keys: readonly VerifyingKey[]): Promise<void> {
  let failure: unknown
  for (const key of keys) {
    try {
      return await verifyJws(jwt, key)
    } catch (error) {
      failure = error
    }
  }
  throw failure
}

function importHolderKey(jwk: PublicJwk): Promise<VerifyingKey> {
  const imported = async () => importVerifyingKey(jwk)
  return renaming('invalid_public_key', 'cnf_invalid_key', imported())
}

/** The same failure under the name of the step it happened in. */
async function renaming<T>(
  from: CredentialErrorCode,
  to: CredentialErrorCode,
  result: Promise<T>,
): Promise<T> {
  try {
    return await result
  } catch (error) {
    if (!(error instanceof CredentialError) || error.code !== from) throw error
    throw new CredentialError(to, error.message, { cause: error })
  }
}
