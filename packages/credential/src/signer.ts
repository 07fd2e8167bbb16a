import {
  generateSigningKey,
  importSigningKey,
  type SigningKey,
  signData,
} from '@netcert/credential/crypto'
import type { SignatureAlgorithm } from './algorithms.js'
import { createDidKey, resolveDidKey } from './did-key.js'
import type { PrivateJwk, PublicJwk } from './jwk.js'

/**
 * Whoever can sign: a key in a key store, a non-extractable browser key, a hardware module.
 * `sign` gives the raw 64 octets of RFC 7518 §3.4 or RFC 8032 §5.1.6.
 */
export type Signer = {
  readonly did: string
  /** The did:key URL `did#fragment` of the key, used as `kid`. */
  readonly keyId: string
  readonly alg: SignatureAlgorithm
  sign(data: Uint8Array): Uint8Array | Promise<Uint8Array>
}

/** A signer over a key that this package's crypto made or imported. */
export function createSigner(options: {
  readonly key: SigningKey
  readonly jwk: PublicJwk
}): Signer {
  const { key } = options
  const did = createDidKey(options.jwk)
  const { keyId } = resolveDidKey(did)
  return { did, keyId, alg: key.alg, sign: (data) => signData(key, data) }
}

/**
 * A signer over a private key in JWK form.
 *
 * @throws CredentialError `invalid_jwk`, `invalid_public_key`
 */
export async function importSigner(privateJwk: PrivateJwk): Promise<Signer> {
  const { d: _private, ...jwk } = privateJwk
  return createSigner({ key: await importSigningKey(privateJwk), jwk })
}

/** A signer over a fresh key, and its public half. */
export async function generateSigner(
  alg: SignatureAlgorithm,
): Promise<{ readonly signer: Signer; readonly jwk: PublicJwk }> {
  const { key, jwk } = await generateSigningKey(alg)
  return { signer: createSigner({ key, jwk }), jwk }
}
