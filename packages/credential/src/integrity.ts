import { type HashAlgorithm, hash } from '@netcert/credential/crypto'
import { CredentialError } from './errors.js'

/** Strongest first: only the strongest one present counts (SRI §3.3.4). */
const algorithms: readonly (readonly [string, HashAlgorithm])[] = [
  ['sha512', 'sha-512'],
  ['sha384', 'sha-384'],
  ['sha256', 'sha-256'],
]

const LONGEST_METADATA = 4096

/**
 * Checks a document against integrity metadata: `sha256-` and the standard base64 of the digest of
 * its octets, several parted by blanks. Of several, the strongest supported algorithm counts and any
 * of its values may match.
 *
 * @param text - The document exactly as published; hashed as UTF-8.
 * @throws CredentialError `integrity_malformed`, `integrity_unsupported`, `integrity_mismatch`
 * @see SD-JWT VC §6, W3C Subresource Integrity §3.3
 */
export function verifyIntegrity(text: string, metadata: unknown): void {
  const values = parseIntegrity(metadata)
  for (const [name, algorithm] of algorithms) {
    const expected = values.filter((value) => value.algorithm === name)
    if (expected.length === 0) continue
    const actual = toBase64(hash(algorithm, text))
    if (expected.some((value) => value.digest === actual)) return
    throw new CredentialError(
      'integrity_mismatch',
      'The document is not the one its integrity value was made for: publish the original bytes.',
    )
  }
  throw new CredentialError(
    'integrity_unsupported',
    'The integrity value names no supported hash: use sha256, sha384 or sha512.',
  )
}

/** Integrity metadata with SHA-256 of a document. */
export function createIntegrity(text: string): string {
  return `sha256-${toBase64(hash('sha-256', text))}`
}

/** Reads integrity metadata. @throws CredentialError `integrity_malformed` */
export function parseIntegrity(
  metadata: unknown,
): readonly { algorithm: string; digest: string }[] {
  if (typeof metadata !== 'string' || metadata.length > LONGEST_METADATA) throw malformed()
  const words = metadata.split(/[ \t]/u).filter((word) => word !== '')
  if (words.length === 0) throw malformed()
  return words.map((word) => {
    const dash = word.indexOf('-')
    if (dash < 1 || dash === word.length - 1) throw malformed()
    // What follows a question mark are options, reserved and without meaning so far.
    return { algorithm: word.slice(0, dash), digest: word.slice(dash + 1).split('?', 1)[0] ?? '' }
  })
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}

function malformed(): CredentialError {
  return new CredentialError(
    'integrity_malformed',
    'The integrity value is not of the form sha256-<base64>: correct the issuer’s certificate type.',
  )
}
