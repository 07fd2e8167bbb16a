import {
  generateSigningKey,
  importSigningKey,
  importVerifyingKey,
  type SigningKey,
  signData,
  verifySignature,
} from '@netcert/credential/crypto'
import type { SignatureAlgorithm } from './algorithms.js'
import { createDidKey, resolveDidKey } from './did-key.js'
import { CredentialError } from './errors.js'
import { type PrivateJwk, type PublicJwk, parsePublicJwk } from './jwk.js'

const SELF_TEST = new TextEncoder().encode('netcert self test')

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
 * @throws CredentialError `invalid_jwk` when the two halves do not fit together, and as
 * `parsePublicJwk`
 */
export async function importSigner(privateJwk: PrivateJwk): Promise<Signer> {
  const { d: _private, ...publicHalf } = privateJwk
  const jwk = parsePublicJwk(publicHalf)
  const key = await importSigningKey(privateJwk)
  // The platforms take a private key beside a public one that is not its own.
  const proof = await signData(key, SELF_TEST)
  if (!(await verifySignature(await importVerifyingKey(jwk), SELF_TEST, proof))) {
    throw new CredentialError('invalid_jwk', 'The private key does not fit its public half.')
  }
  return createSigner({ key, jwk })
}

/** A signer over a fresh key, and its public half. */
export async function generateSigner(
  alg: SignatureAlgorithm,
): Promise<{ readonly signer: Signer; readonly jwk: PublicJwk }> {
  const { key, jwk } = await generateSigningKey(alg)
  return { signer: createSigner({ key, jwk }), jwk }
}
