/** Signature algorithms of RFC 7518 §3.4 (ES256) and RFC 8037 §3.1 (EdDSA with Ed25519). */
export type SignatureAlgorithm = 'ES256' | 'EdDSA'

/** Hash names of the IANA "Named Information Hash Algorithm" registry, as `_sd_alg` spells them. */
export type HashAlgorithm = 'sha-256' | 'sha-384' | 'sha-512'

export const signatureAlgorithms: readonly SignatureAlgorithm[] = ['ES256', 'EdDSA']

export const hashAlgorithms: readonly HashAlgorithm[] = ['sha-256', 'sha-384', 'sha-512']

/** Both algorithms sign with 64 octets: `r || s` (RFC 7518 §3.4) or `R || S` (RFC 8032 §5.1.6). */
export const SIGNATURE_BYTES = 64

/** True for a name in the table; the comparison is exact, as RFC 7515 §4.1.1 demands. */
export function isSignatureAlgorithm(value: unknown): value is SignatureAlgorithm {
  return value === 'ES256' || value === 'EdDSA'
}

/** True for a hash name this package can compute; case matters (RFC 9901 §4.1.1). */
export function isHashAlgorithm(value: unknown): value is HashAlgorithm {
  return value === 'sha-256' || value === 'sha-384' || value === 'sha-512'
}
