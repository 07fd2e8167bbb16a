import { AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage } from '@peculiar/asn1-x509'
import { parseAsn1 } from './asn1-values.js'
import { DER_TAG, malformed, parseDer, readDerElement, readDerElements } from './der.js'

/** An extension as it stands in a certificate. */
export type RawExtension = {
  readonly id: string
  readonly critical: boolean
  readonly value: Uint8Array
}

/** What a certificate says about itself, as far as anything here depends on it. */
export type CertificateExtensions = {
  /** Hexadecimal. */
  readonly subjectKeyIdentifier: string | undefined
  /** Hexadecimal. */
  readonly authorityKeyIdentifier: string | undefined
  readonly mayIssue: boolean
  readonly maySignData: boolean
  readonly maySignCertificates: boolean
  readonly extendedKeyUsage: readonly string[] | undefined
  /** First letters or whole codes of the documents it may sign (ICAO Doc 9303-12 §7.1.1.6). */
  readonly documentTypes: readonly string[] | undefined
  /** Object identifiers of critical extensions that nobody here understands. */
  readonly unknownCritical: readonly string[]
}

const ID = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  documentTypes: '2.23.136.1.1.6.2',
} as const

/** Read above, or without a bearing on what a document proves: names, policies, where CRLs lie. */
const understood = new Set<string>([
  ...Object.values(ID),
  '2.5.29.16',
  '2.5.29.17',
  '2.5.29.18',
  '2.5.29.31',
  '2.5.29.32',
  '2.23.136.1.1.6.1',
])

/** First octet of KeyUsage. */
const DIGITAL_SIGNATURE = 0x80
const KEY_CERT_SIGN = 0x04

/**
 * Reads the extensions of a certificate.
 *
 * @throws IssuerError `chip_malformed`, also when one stands there twice
 * @see RFC 5280 §4.2, ICAO Doc 9303-12 §7.1
 */
export function certificateExtensions(extensions: readonly RawExtension[]): CertificateExtensions {
  const byId = new Map(extensions.map((extension) => [extension.id, extension.value]))
  if (byId.size !== extensions.length) throw malformed('a certificate has an extension twice')
  const read = <T>(id: string, parse: (value: Uint8Array) => T) => {
    const value = byId.get(id)
    return value === undefined ? undefined : parse(value)
  }
  const usage = read(ID.keyUsage, keyUsageOf) ?? 0
  return {
    subjectKeyIdentifier: read(ID.subjectKeyIdentifier, subjectKeyOf),
    authorityKeyIdentifier: read(ID.authorityKeyIdentifier, authorityKeyOf),
    mayIssue: read(ID.basicConstraints, isAuthority) ?? false,
    maySignData: (usage & DIGITAL_SIGNATURE) !== 0,
    maySignCertificates: (usage & KEY_CERT_SIGN) !== 0,
    extendedKeyUsage: read(ID.extendedKeyUsage, (value) => [
      ...parseAsn1(value, ExtendedKeyUsage, 'an extension'),
    ]),
    documentTypes: read(ID.documentTypes, documentTypesOf),
    unknownCritical: extensions
      .filter((it) => it.critical && !understood.has(it.id))
      .map((it) => it.id),
  }
}

function subjectKeyOf(value: Uint8Array): string {
  const { tag, content } = parseDer(value)
  if (tag !== DER_TAG.octetString) throw malformed('a key identifier is none')
  return Buffer.from(content).toString('hex')
}

function authorityKeyOf(value: Uint8Array): string | undefined {
  const { keyIdentifier } = parseAsn1(value, AuthorityKeyIdentifier, 'an extension')
  return keyIdentifier && Buffer.from(keyIdentifier.buffer).toString('hex')
}

const isAuthority = (value: Uint8Array) => parseAsn1(value, BasicConstraints, 'an extension').cA

function keyUsageOf(value: Uint8Array): number {
  const { tag, content } = parseDer(value)
  if (tag !== DER_TAG.bitString) throw malformed('a key usage is none')
  return content[1] ?? 0
}

/** `SEQUENCE { version INTEGER, docTypeList SET OF PrintableString }` */
function documentTypesOf(value: Uint8Array): string[] {
  const [version, types] = readDerElements(readDerElement(value).content)
  if (version?.tag !== DER_TAG.integer || types?.tag !== DER_TAG.set) {
    throw malformed('a list of document types is none')
  }
  return readDerElements(types.content).map(({ content }) =>
    Buffer.from(content).toString('latin1'),
  )
}
