import { leafKeyId } from './leaf-certificate.js'
import type { Signer } from './signer.js'

/**
 * A signer with one of several keys of an issuer: what it signs names the issuer, and the key by its
 * `kid`.
 */
export type NamedSigner = Signer & {
  /** The did:key that the trust list names the issuer by. */
  readonly iss: string
}

/**
 * A signer that is found by certificate: what it signs names `iss` and carries the leaf certificate
 * of its key in `x5c`, without the authority that issued it.
 */
export type CertifiedSigner = Signer & {
  /** The base URL of the issuer. */
  readonly iss: string
  /** Base64 of the leaf's DER. */
  readonly certificate: string
}

/**
 * Gives a signer its certificate.
 *
 * @throws CredentialError as `leafKeyId`; TypeError for the certificate of another key.
 */
export function certifySigner(
  signer: Signer,
  name: { readonly iss: string; readonly certificate: string },
): CertifiedSigner {
  if (leafKeyId([name.certificate]) !== signer.keyId) {
    throw new TypeError('The certificate is that of another key.')
  }
  const { did, keyId, alg } = signer
  return { did, keyId, alg, ...name, sign: (data) => signer.sign(data) }
}

/** Has a signer sign for the issuer of that name; for the key the name is made of nothing changes. */
export function nameSigner(signer: Signer, iss: string): Signer | NamedSigner {
  if (iss === signer.did) return signer
  const { did, keyId, alg } = signer
  return { did, keyId, alg, iss, sign: (data) => signer.sign(data) }
}

/** `iss` of what the signer signs. */
export function issuerNameOf(signer: Signer | NamedSigner | CertifiedSigner): string {
  return 'iss' in signer ? signer.iss : signer.did
}

/** The member that names the signer's key in a header. */
export function keyHeaderOf(
  signer: Signer | CertifiedSigner,
): { readonly kid: string } | { readonly x5c: readonly [string] } {
  return 'certificate' in signer ? { x5c: [signer.certificate] } : { kid: signer.keyId }
}
