import {
  CredentialError,
  encodeBase64Url,
  type PublicJwk,
  parsePublicJwk,
} from '@netcert/credential'
import { hashBase64Url } from '@netcert/credential/crypto'
import type { X509Certificate } from '@peculiar/x509'
import { chainRefused, loadX509, MAX_CHAIN_LENGTH, readCertificate } from './x509-library.js'
import type { X509Library } from './x509-library.js'

/**
 * Authorities that are trusted to begin a chain: base64 of the DER of each, see
 * `parsePemCertificates`. Whoever knows none says so, and learns that nothing was anchored.
 */
export type X509Anchors = { readonly certificates: readonly string[] } | 'none known'

/** A chain that holds, and what its leaf says. */
export type VerifiedChain = {
  readonly leafKey: PublicJwk
  /** dNSName entries of the leaf's subject alternative name, lower case. */
  readonly dnsNames: readonly string[]
  /** base64url of the SHA-256 of the leaf's DER: the rest of an `x509_hash` client id. */
  readonly leafHash: string
  /** False only where no authority was known to begin with: then nobody vouches for the names. */
  readonly anchored: boolean
}

/** Extensions that may be critical because they are read here (RFC 5280 §4.2). */
const understood = new Set(['2.5.29.15', '2.5.29.17', '2.5.29.19', '2.5.29.37'])

/**
 * Verifies an `x5c` header: leaf first, each certificate signed by the next, the last by one of the
 * anchors, all valid now. The leaf is not self-signed, and nothing but CAs signs certificates.
 * Revocation is not asked for: that would tell the CA who is verified where.
 *
 * @throws ProtocolError `certificate_chain`
 * @see RFC 5280 §6.1, RFC 7515 §4.1.6, HAIP 1.0 §5
 */
export async function verifyCertificateChain(options: {
  readonly x5c: unknown
  readonly anchors: X509Anchors
  readonly now: Date
}): Promise<VerifiedChain> {
  const { x5c, anchors, now } = options
  const library = await loadX509()
  const chain = readChain(library, x5c)
  const [leaf, ...authorities] = chain
  if (leaf === undefined) throw chainRefused('x5c is empty')
  if (await isSelfSigned(leaf)) throw chainRefused('its leaf is self-signed')
  for (const certificate of chain) assertUsable(certificate, now)
  for (const [depth, authority] of authorities.entries()) {
    assertAuthority(library, authority, depth)
    const signed = chain[depth]
    if (signed === undefined || !(await isSignedBy(signed, authority))) {
      throw chainRefused('a certificate is not signed by the next')
    }
  }
  if (anchors !== 'none known') await assertAnchored(library, chain, anchors.certificates, now)
  return {
    anchored: anchors !== 'none known',
    leafKey: publicKeyOf(leaf),
    dnsNames: dnsNamesOf(library, leaf),
    leafHash: x509HashOfBytes(leaf.rawData),
  }
}

/** The `x509_hash` of a leaf given as base64 of its DER. @throws ProtocolError `certificate_chain` */
export async function x509HashOf(certificate: string): Promise<string> {
  return x509HashOfBytes(readCertificate(await loadX509(), certificate).rawData)
}

/** Public key and DNS names of one certificate, nothing about it proven. @throws ProtocolError `certificate_chain` */
export async function readLeaf(
  certificate: string,
): Promise<Pick<VerifiedChain, 'leafKey' | 'dnsNames'> & { readonly notAfter: Date }> {
  const library = await loadX509()
  const leaf = readCertificate(library, certificate)
  const { notAfter } = leaf
  return { leafKey: publicKeyOf(leaf), dnsNames: dnsNamesOf(library, leaf), notAfter }
}

/**
 * The key identifiers of the authorities of a chain, base64url: what a query's `trusted_authorities`
 * of type `aki` names.
 *
 * @throws ProtocolError `certificate_chain`
 * @see OpenID4VP 1.0 §6.1.1.1
 */
export async function authorityKeyIdsOf(x5c: unknown): Promise<readonly string[]> {
  const library = await loadX509()
  return readChain(library, x5c).flatMap((certificate) => {
    const extension = certificate.getExtension(library.AuthorityKeyIdentifierExtension)
    const keyId = extension?.keyId
    return keyId === undefined ? [] : [encodeBase64Url(bytesFromHex(keyId))]
  })
}

function readChain(library: X509Library, x5c: unknown): readonly X509Certificate[] {
  if (!Array.isArray(x5c) || x5c.length === 0 || x5c.length > MAX_CHAIN_LENGTH) {
    throw chainRefused(`x5c is no list of 1 to ${MAX_CHAIN_LENGTH} certificates`)
  }
  const texts: readonly unknown[] = x5c
  return texts.map((text) => readCertificate(library, text))
}

function assertUsable(certificate: X509Certificate, now: Date): void {
  if (now < certificate.notBefore || now > certificate.notAfter) {
    throw chainRefused('a certificate is not valid now')
  }
  if (certificate.extensions.some(({ critical, type }) => critical && !understood.has(type))) {
    throw chainRefused('a certificate has a critical extension that is not understood')
  }
}

/** `depth`: how many authorities stand between this one and the leaf (RFC 5280 §4.2.1.9). */
function assertAuthority(library: X509Library, authority: X509Certificate, depth: number): void {
  const constraints = authority.getExtension(library.BasicConstraintsExtension)
  const usages = authority.getExtension(library.KeyUsagesExtension)?.usages
  const signs = usages === undefined || (usages & library.KeyUsageFlags.keyCertSign) !== 0
  const { ca = false, pathLength } = constraints ?? {}
  if (!ca || !signs || (pathLength !== undefined && pathLength < depth)) {
    throw chainRefused('a certificate that is no certificate authority signed another')
  }
}

async function assertAnchored(
  library: X509Library,
  chain: readonly X509Certificate[],
  certificates: readonly string[],
  now: Date,
): Promise<void> {
  const last = chain.at(-1)
  for (const text of last === undefined ? [] : certificates) {
    const anchor = readCertificate(library, text)
    if (last === undefined || !(await isSignedBy(last, anchor))) continue
    assertUsable(anchor, now)
    // RFC 5280 §4.2.1.9: an anchor that came along is self-issued and does not count.
    assertAuthority(library, anchor, chain.length - (last.subject === last.issuer ? 2 : 1))
    return
  }
  throw chainRefused('it does not lead to an authority that is trusted here')
}

async function isSignedBy(certificate: X509Certificate, by: X509Certificate): Promise<boolean> {
  if (certificate.issuer !== by.subject) return false
  return hasSignature(certificate, by)
}

async function isSelfSigned(certificate: X509Certificate): Promise<boolean> {
  return hasSignature(certificate, certificate)
}

async function hasSignature(certificate: X509Certificate, by: X509Certificate): Promise<boolean> {
  try {
    return await certificate.verify({ publicKey: by.publicKey, signatureOnly: true })
  } catch {
    // A key of another kind than the signature makes the library throw: not signed by it.
    return false
  }
}

function dnsNamesOf(library: X509Library, certificate: X509Certificate): readonly string[] {
  const names = certificate.getExtension(library.SubjectAlternativeNameExtension)?.names.toJSON()
  return (names ?? []).flatMap(({ type, value }) => (type === 'dns' ? [value.toLowerCase()] : []))
}

const P256_PREFIX = '3059301306072a8648ce3d020106082a8648ce3d03010703420004'
const ED25519_PREFIX = '302a300506032b6570032100'

/** The two kinds of key we verify with have a SubjectPublicKeyInfo of one exact form (RFC 5480, 8410). */
function publicKeyOf(certificate: X509Certificate): PublicJwk {
  const bytes = new Uint8Array(certificate.publicKey.rawData)
  const begins = (prefix: string, length: number) =>
    bytes.length === length && hexOf(bytes.subarray(0, prefix.length / 2)) === prefix
  const part = (from: number) => encodeBase64Url(bytes.slice(from, from + 32))
  try {
    if (begins(P256_PREFIX, 91)) {
      return parsePublicJwk({ kty: 'EC', crv: 'P-256', x: part(27), y: part(59) })
    }
    if (begins(ED25519_PREFIX, 44)) {
      return parsePublicJwk({ kty: 'OKP', crv: 'Ed25519', x: part(12) })
    }
  } catch (cause) {
    if (!(cause instanceof CredentialError)) throw cause
    throw chainRefused('the key of its leaf is no point of its curve', cause)
  }
  throw chainRefused('the key of its leaf is neither P-256 nor Ed25519')
}

function x509HashOfBytes(der: ArrayBuffer): string {
  return hashBase64Url('sha-256', new Uint8Array(der))
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function bytesFromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}
