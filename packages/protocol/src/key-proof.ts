import { createJws, epochSeconds, memberOf, type PublicJwk, type Signer } from '@netcert/credential'
import {
  assertTimely,
  instantOf,
  keyOfHeader,
  type MessageKind,
  optionalTextOf,
  proveSigned,
  readSigned,
  refusal,
} from './signed-message.js'

/** `typ` of a key proof. @see OpenID4VCI 1.0 Appendix F.1 */
export const KEY_PROOF_TYP = 'openid4vci-proof+jwt'

const KIND: MessageKind = { typ: KEY_PROOF_TYP, what: 'The key proof', code: 'key_proof_invalid' }

export type CreateKeyProofOptions = {
  readonly signer: Signer
  /** The key the certificate is bound to: public half of the signer's. */
  readonly jwk: PublicJwk
  /** How the key is named: by itself, or as did:key. */
  readonly keyBy: 'jwk' | 'did:key'
  /** The Credential Issuer Identifier. */
  readonly audience: string
  readonly issuedAt: Date
  /** `c_nonce`: there is one whenever the issuer has a nonce endpoint. */
  readonly nonce: string | null
  /** `null` where the token was got without a `client_id`: `iss` must then be left out. */
  readonly clientId: string | null
  readonly keyAttestation?: string
}

/** Makes a proof of possession of a key. @see OpenID4VCI 1.0 Appendix F.1 */
export function createKeyProof(options: CreateKeyProofOptions): Promise<string> {
  const { signer, jwk, keyBy, audience, issuedAt, nonce, clientId, keyAttestation } = options
  return createJws({
    signer,
    header: {
      typ: KEY_PROOF_TYP,
      ...(keyBy === 'jwk' ? { jwk } : { kid: signer.keyId }),
      ...(keyAttestation === undefined ? {} : { key_attestation: keyAttestation }),
    },
    payload: {
      ...(clientId === null ? {} : { iss: clientId }),
      aud: audience,
      iat: epochSeconds(issuedAt),
      ...(nonce === null ? {} : { nonce }),
    },
  })
}

export type VerifyKeyProofOptions = {
  /** The Credential Issuer Identifier, compared as text. */
  readonly audience: string
  readonly now: Date
  readonly maxAgeSeconds: number
  /** Of the access token; `null` where it was got without one. */
  readonly clientId: string | null
}

export type VerifiedKeyProof = {
  /** The key whose possession is proved. */
  readonly jwk: PublicJwk
  /** Not judged here: only who handed it out can say whether it is fresh. */
  readonly nonce: string | undefined
  /** Not judged here: `verifyKeyAttestation`. */
  readonly keyAttestation: string | undefined
}

/**
 * Verifies a key proof: typ, algorithm, the one key it names, times, audience, client, signature.
 *
 * @throws ProtocolError `key_proof_invalid`
 * @see OpenID4VCI 1.0 Appendix F.4
 */
export async function verifyKeyProof(
  proof: string,
  options: VerifyKeyProofOptions,
): Promise<VerifiedKeyProof> {
  const jws = readSigned(proof, KIND)
  const { header, payload } = jws
  const jwk = keyOfHeader(header, KIND)
  if (memberOf(payload, 'aud') !== options.audience) throw refusal(KIND, 'it is for another issuer')
  instantOf(payload, 'iat', KIND)
  assertTimely(payload, KIND, { now: options.now, maxAgeSeconds: options.maxAgeSeconds })
  const iss = optionalTextOf(payload, 'iss', KIND)
  if (iss !== undefined && iss !== options.clientId) {
    throw refusal(KIND, 'its iss is not the client of the access token')
  }
  await proveSigned(jws, jwk, KIND)
  return {
    jwk,
    nonce: optionalTextOf(payload, 'nonce', KIND),
    keyAttestation: readAttestation(memberOf(header, 'key_attestation')),
  }
}

function readAttestation(value: unknown): string | undefined {
  if (value === undefined || typeof value === 'string') return value
  throw refusal(KIND, 'its key_attestation is no text')
}
