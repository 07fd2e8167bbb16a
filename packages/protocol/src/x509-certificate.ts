import type { PrivateJwk, PublicJwk } from '@netcert/credential'
import { randomBytes } from '@netcert/credential/crypto'
import type { X509Certificate } from '@peculiar/x509'
import { loadX509, readCertificate, type X509Library } from './x509-library.js'

const signatureOf = {
  EC: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  OKP: { name: 'Ed25519' },
} as const

/** A certificate authority: its certificate and the key that signs with it. */
export type CertificateAuthority = {
  /** Base64 of the DER. */
  readonly certificate: string
  readonly key: PrivateJwk
}

type Validity = { readonly notBefore: Date; readonly notAfter: Date }

/**
 * Makes the self-signed certificate of an own small certificate authority.
 *
 * @returns Base64 of the DER.
 */
export async function createCertificateAuthority(
  options: Validity & {
    /** Common name. */
    readonly name: string
    readonly key: PrivateJwk
  },
): Promise<string> {
  const library = await loadX509()
  const { key, name } = options
  const { d: _private, ...jwk } = key
  const publicKey = await importKey(jwk, 'verify')
  const made = await library.X509CertificateGenerator.create({
    ...validityOf(options),
    subject: nameOf(name),
    issuer: nameOf(name),
    publicKey,
    signingKey: await importKey(key, 'sign'),
    signingAlgorithm: signatureOf[key.kty],
    extensions: [
      // No authority below this one: it signs leaves only.
      new library.BasicConstraintsExtension(true, 0, true),
      new library.KeyUsagesExtension(
        library.KeyUsageFlags.keyCertSign | library.KeyUsageFlags.cRLSign,
        true,
      ),
      await library.SubjectKeyIdentifierExtension.create(publicKey),
    ],
  })
  return made.toString('base64')
}

/**
 * Has an authority certify a key for signing messages.
 *
 * @returns Base64 of the DER, as it stands in an `x5c` header.
 */
export async function issueLeafCertificate(
  options: Validity & {
    readonly authority: CertificateAuthority
    readonly subjectKey: PublicJwk
    /** Common name. */
    readonly name: string
    readonly dnsNames: readonly string[]
    readonly uris: readonly string[]
  },
): Promise<string> {
  const library = await loadX509()
  const { authority, subjectKey, name } = options
  const parent = readCertificate(library, authority.certificate)
  const publicKey = await importKey(subjectKey, 'verify')
  const made = await library.X509CertificateGenerator.create({
    ...validityOf(options),
    subject: nameOf(name),
    issuer: parent.subject,
    publicKey,
    signingKey: await importKey(authority.key, 'sign'),
    signingAlgorithm: signatureOf[authority.key.kty],
    extensions: await leafExtensions(library, { ...options, parent, publicKey }),
  })
  return made.toString('base64')
}

async function leafExtensions(
  library: X509Library,
  options: {
    readonly parent: X509Certificate
    readonly publicKey: CryptoKey
    readonly dnsNames: readonly string[]
    readonly uris: readonly string[]
  },
) {
  const { parent, publicKey, dnsNames, uris } = options
  const names = [
    ...dnsNames.map((value) => ({ type: 'dns' as const, value })),
    ...uris.map((value) => ({ type: 'url' as const, value })),
  ]
  return [
    new library.BasicConstraintsExtension(false, undefined, true),
    new library.KeyUsagesExtension(library.KeyUsageFlags.digitalSignature, true),
    await library.SubjectKeyIdentifierExtension.create(publicKey),
    await library.AuthorityKeyIdentifierExtension.create(parent.publicKey),
    ...(names.length === 0 ? [] : [new library.SubjectAlternativeNameExtension(names)]),
  ]
}

/** The certificates of a PEM text, each as base64 of its DER; other PEM blocks are passed over. */
export function parsePemCertificates(text: string): readonly string[] {
  const blocks = text.matchAll(/-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g)
  return Array.from(blocks, ([, body]) => (body ?? '').replace(/\s+/g, ''))
}

/** A certificate as PEM. */
export function encodePemCertificate(certificate: string): string {
  const lines = certificate.match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

function validityOf({ notBefore, notAfter }: Validity) {
  // A positive number of 127 bits that nobody can guess (RFC 5280 §4.1.2.2).
  const serial = randomBytes(16)
  serial[0] = (serial[0] ?? 0) & 0x7f
  const serialNumber = Array.from(serial, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return { notBefore, notAfter, serialNumber }
}

/** A value of a distinguished name, every special character escaped (RFC 4514 §2.4). */
function nameOf(name: string): string {
  return `CN=${name.replace(/["+,;<>\\=#]/g, (symbol) => `\\${symbol}`)}`
}

function importKey(jwk: PublicJwk | PrivateJwk, usage: 'sign' | 'verify'): Promise<CryptoKey> {
  return crypto.subtle.importKey('jwk', { ...jwk }, signatureOf[jwk.kty], true, [usage])
}
