import { createDidKey, resolveDidKey } from './did-key.js'
import { decodeBase64Url, encodeBase64Url } from './base64url.js'
import { CredentialError } from './errors.js'
import { type PublicJwk, parsePublicJwk } from './jwk.js'

/** Bound of one certificate, before anything of it is read. */
const MAX_CERTIFICATE_CHARACTERS = 8 * 1024

/** SubjectPublicKeyInfo of the two kinds of key has one exact form each (RFC 5480 §2, RFC 8410 §4). */
const P256_SPKI = bytesOf('3059301306072a8648ce3d020106082a8648ce3d03010703420004')
const ED25519_SPKI = bytesOf('302a300506032b6570032100')

const SEQUENCE = 0x30
const INTEGER = 0x02
const BIT_STRING = 0x03
/** `[0] EXPLICIT INTEGER 2`: version 3, the only one with extensions. */
const VERSION_3 = bytesOf('a003020102')
/** issuerUniqueID, subjectUniqueID, extensions. */
const OPTIONAL_TAGS = [0x81, 0x82, 0xa3]

/**
 * The `keyId` of the key that an `x5c` header certifies: the did:key URL of exactly that key, so
 * that the key can be looked up on the trust list like any other.
 *
 * `x5c` holds the leaf and nothing else. No path is built and no signature of a certificate is
 * checked: the key counts because it is listed, the certificate only carries it. Its times are not
 * read either; when a key counts, the trust list says.
 *
 * @throws CredentialError `header_invalid` unless `x5c` is a list of one certificate (an anchor does
 * not belong in it); `x5c_invalid` for one that is self-signed, is no X.509 certificate in DER, or
 * has a key of another kind than P-256 and Ed25519.
 * @see RFC 7515 §4.1.6, RFC 5280 §4.1, HAIP 1.0 §6.1.1
 */
export function leafKeyId(x5c: unknown): string {
  const [leaf, ...more]: readonly unknown[] = Array.isArray(x5c) ? x5c : []
  if (typeof leaf !== 'string' || more.length > 0) {
    throw new CredentialError(
      'header_invalid',
      'x5c holds the leaf certificate and nothing else: leave the anchor out.',
    )
  }
  const known = keyIds.get(leaf)
  if (known !== undefined) return known
  const { keyId } = resolveDidKey(createDidKey(readLeafKey(leaf)))
  if (keyIds.size >= KEY_IDS_KEPT) keyIds.clear()
  keyIds.set(leaf, keyId)
  return keyId
}

// An issuer sends the same leaf with everything it signs. Only leaves that were read whole are kept.
const keyIds = new Map<string, string>()
const KEY_IDS_KEPT = 64

/** The key of one certificate. @throws CredentialError `x5c_invalid` */
function readLeafKey(text: string): PublicJwk {
  const der = derOf(text)
  const certificate = only(der, SEQUENCE)
  const [body, algorithm, signature] = elements(certificate, [SEQUENCE, SEQUENCE, BIT_STRING])
  if (body === undefined || algorithm === undefined || signature === undefined) throw refused()
  const content = body.subarray(headerLength(body))
  if (!startsWith(content, VERSION_3)) throw refused()
  const fields = elements(content.subarray(VERSION_3.length), BODY_TAGS, OPTIONAL_TAGS)
  const [, innerAlgorithm, issuer, , subject, publicKey] = fields
  if (issuer === undefined || subject === undefined || publicKey === undefined) throw refused()
  // RFC 5280 §4.1.1.2: the algorithm stands in it twice, the same.
  if (innerAlgorithm === undefined || !equal(innerAlgorithm, algorithm)) throw refused()
  if (equal(issuer, subject)) {
    throw new CredentialError(
      'x5c_invalid',
      'The certificate in x5c is self-signed: have an authority certify the key.',
    )
  }
  return keyOf(publicKey)
}

/** serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo (RFC 5280 §4.1). */
const BODY_TAGS = [INTEGER, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE]

function keyOf(spki: Uint8Array): PublicJwk {
  const part = (from: number) => encodeBase64Url(spki.slice(from, from + 32))
  try {
    if (spki.length === P256_SPKI.length + 64 && startsWith(spki, P256_SPKI)) {
      const x = part(P256_SPKI.length)
      return parsePublicJwk({ kty: 'EC', crv: 'P-256', x, y: part(P256_SPKI.length + 32) })
    }
    if (spki.length === ED25519_SPKI.length + 32 && startsWith(spki, ED25519_SPKI)) {
      return parsePublicJwk({ kty: 'OKP', crv: 'Ed25519', x: part(ED25519_SPKI.length) })
    }
  } catch (cause) {
    throw refused(cause)
  }
  throw refused()
}

/** Standard base64 with its padding, in one spelling only. */
function derOf(text: string): Uint8Array {
  const fits = text.length <= MAX_CERTIFICATE_CHARACTERS && text.length % 4 === 0
  if (!fits || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) throw refused()
  const unpadded = text.replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_')
  try {
    return decodeBase64Url(unpadded)
  } catch (cause) {
    throw refused(cause)
  }
}

/** The contents of the one element that fills `der`. */
function only(der: Uint8Array, tag: number): Uint8Array {
  const [element] = elements(der, [tag])
  if (element === undefined) throw refused()
  return element.subarray(headerLength(element))
}

/**
 * Takes a series of DER elements apart, each with its header: those of `tags` in this order, then
 * any of `optional`, each at most once and in its order, and nothing after them.
 */
function elements(
  der: Uint8Array,
  tags: readonly number[],
  optional: readonly number[] = [],
): readonly Uint8Array[] {
  const found: Uint8Array[] = []
  let allowed = optional
  let at = 0
  while (at < der.length) {
    const tag = der[at]
    if (found.length < tags.length ? tag !== tags[found.length] : !allowed.includes(tag ?? 0)) {
      throw refused()
    }
    if (found.length >= tags.length) allowed = allowed.slice(allowed.indexOf(tag ?? 0) + 1)
    const rest = der.subarray(at)
    const end = headerLength(rest) + contentLength(rest)
    if (end > rest.length) throw refused()
    found.push(rest.subarray(0, end))
    at += end
  }
  if (found.length < tags.length) throw refused()
  return found
}

/** Octets before the contents: one of tag, then the length in its shortest form (X.690 §10.1). */
function headerLength(element: Uint8Array): number {
  const first = element[1]
  if (first === undefined) throw refused()
  if (first < 0x80) return 2
  if (first === 0x81 && (element[2] ?? 0) >= 0x80) return 3
  if (first === 0x82 && (element[2] ?? 0) > 0 && element[3] !== undefined) return 4
  throw refused()
}

function contentLength(element: Uint8Array): number {
  return element
    .subarray(1, headerLength(element))
    .reduce((length, octet, at) => (at === 0 && octet >= 0x80 ? 0 : length * 256 + octet), 0)
}

function startsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
  return equal(bytes.subarray(0, prefix.length), prefix)
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, at) => octet === b[at])
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

function refused(cause?: unknown): CredentialError {
  return new CredentialError(
    'x5c_invalid',
    'The certificate in x5c cannot be read, or its key is neither P-256 nor Ed25519.',
    { cause },
  )
}
