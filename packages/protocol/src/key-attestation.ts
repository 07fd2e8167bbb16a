import {
  createJws,
  epochSeconds,
  isJsonArray,
  type JsonObject,
  jwkThumbprint,
  memberOf,
  parsePublicJwk,
  type PublicJwk,
  type Signer,
} from '@netcert/credential'
import {
  assertTimely,
  instantOf,
  type KeyOf,
  type MessageKind,
  optionalTextOf,
  proveSigned,
  readSigned,
  refusal,
  usableKey,
} from './signed-message.js'
import { messageLimits } from './wire-text.js'

/** `typ` of a key attestation. @see OpenID4VCI 1.0 Appendix D.1 */
export const KEY_ATTESTATION_TYP = 'key-attestation+jwt'

const KIND: MessageKind = {
  typ: KEY_ATTESTATION_TYP,
  what: 'The key attestation',
  code: 'key_attestation_invalid',
}

export type CreateKeyAttestationOptions = {
  readonly signer: Signer
  /** How the attester is named: `kid` or `x5c`. */
  readonly header: { readonly kid: string } | { readonly x5c: readonly string[] }
  readonly attestedKeys: readonly PublicJwk[]
  readonly issuedAt: Date
  /** `null` only for the proof type `attestation`. */
  readonly expiresAt: Date | null
  readonly nonce: string | null
  /** Attack potential resistance, for example `iso_18045_high`. */
  readonly keyStorage?: readonly string[]
  readonly userAuthentication?: readonly string[]
}

/** Attests keys of a wallet. @see OpenID4VCI 1.0 Appendix D.1 */
export function createKeyAttestation(options: CreateKeyAttestationOptions): Promise<string> {
  const { signer, header, attestedKeys, issuedAt, expiresAt, nonce } = options
  const { keyStorage, userAuthentication } = options
  return createJws({
    signer,
    header: { typ: KEY_ATTESTATION_TYP, ...header },
    payload: {
      iat: epochSeconds(issuedAt),
      ...(expiresAt === null ? {} : { exp: epochSeconds(expiresAt) }),
      attested_keys: attestedKeys,
      ...(keyStorage === undefined ? {} : { key_storage: keyStorage }),
      ...(userAuthentication === undefined ? {} : { user_authentication: userAuthentication }),
      ...(nonce === null ? {} : { nonce }),
    },
  })
}

export type VerifyKeyAttestationOptions = {
  readonly now: Date
  /** `jwt`: it stands in the header of a key proof and must have `exp`; `attestation`: alone. */
  readonly proofType: 'jwt' | 'attestation'
  /** The key of an attester we trust. */
  readonly attesterKey: KeyOf
  readonly maxAgeSeconds: number
}

export type VerifiedKeyAttestation = {
  readonly attestedKeys: readonly PublicJwk[]
  /** Not judged here. */
  readonly nonce: string | undefined
  readonly keyStorage: readonly string[]
  readonly userAuthentication: readonly string[]
}

/**
 * Verifies a key attestation: typ, trusted attester, times, distinct keys, signature.
 *
 * @throws ProtocolError `key_attestation_invalid`
 */
export async function verifyKeyAttestation(
  attestation: string,
  options: VerifyKeyAttestationOptions,
): Promise<VerifiedKeyAttestation> {
  const jws = readSigned(attestation, KIND)
  const { header, payload } = jws
  instantOf(payload, 'iat', KIND)
  if (options.proofType === 'jwt') instantOf(payload, 'exp', KIND)
  const { now } = options
  // What says when it ends decides itself how old it may be.
  const endless = memberOf(payload, 'exp') === undefined
  assertTimely(payload, KIND, endless ? { now, maxAgeSeconds: options.maxAgeSeconds } : { now })
  const key = await options.attesterKey(header, payload)
  if (key === undefined) throw refusal(KIND, 'its attester is not one we trust')
  await proveSigned(jws, key, KIND)
  return {
    attestedKeys: readKeys(payload),
    nonce: optionalTextOf(payload, 'nonce', KIND),
    keyStorage: readNames(payload, 'key_storage'),
    userAuthentication: readNames(payload, 'user_authentication'),
  }
}

function readKeys(payload: JsonObject): PublicJwk[] {
  const value = memberOf(payload, 'attested_keys')
  if (!isJsonArray(value) || value.length === 0 || value.length > messageLimits.maxProofs) {
    throw refusal(KIND, `it has 1 to ${messageLimits.maxProofs} attested_keys`)
  }
  const keys = value.map((key) => usableKey(KIND, () => parsePublicJwk(key)))
  const names = new Set(keys.map((key) => jwkThumbprint(key)))
  if (names.size !== keys.length) throw refusal(KIND, 'a key stands in it twice')
  return keys
}

function readNames(payload: JsonObject, name: string): string[] {
  const value = memberOf(payload, name) ?? []
  if (!isJsonArray(value) || value.length > 16) throw refusal(KIND, `${name} is no list`)
  return value.map((entry) => {
    if (typeof entry === 'string' && entry.length <= 200) return entry
    throw refusal(KIND, `${name} holds something that is no text`)
  })
}
