import { Certificate, type Extension } from '@peculiar/asn1-x509'
import { parseAsn1 } from './asn1-values.js'
import { certificateExtensions, type CertificateExtensions } from './certificate-extensions.js'
import { DER_TAG, malformed, parseDer, readDerElement, readDerElements } from './der.js'
import { type DistinguishedName, distinguishedName } from './distinguished-name.js'

/** A certificate of a document signer, of a country, or of whoever signed a master list. */
export type ChipCertificate = {
  readonly bytes: Uint8Array
  /** What its signature is over. */
  readonly signed: Uint8Array
  readonly signature: Uint8Array
  /** AlgorithmIdentifier of the signature; the same inside and outside of what is signed. */
  readonly signatureAlgorithm: Uint8Array
  /** Content octets of the number. */
  readonly serialNumber: Uint8Array
  /** DER of the issuer's name, as `issuerAndSerialNumber` repeats it. */
  readonly issuerBytes: Uint8Array
  readonly issuer: DistinguishedName
  readonly subject: DistinguishedName
  readonly notBefore: Date
  readonly notAfter: Date
  /** SubjectPublicKeyInfo; read when it is needed. */
  readonly publicKey: Uint8Array
  readonly extensions: CertificateExtensions
}

/** No certificate of a document is longer. */
const MAXIMUM_BYTES = 16 * 1024

/**
 * Reads an X.509 version 3 certificate. Nothing is verified.
 *
 * @throws IssuerError `chip_malformed`
 * @see RFC 5280 §4.1
 */
export function parseChipCertificate(bytes: Uint8Array): ChipCertificate {
  if (bytes.length > MAXIMUM_BYTES) throw malformed('a certificate is too long')
  const parts = partsOf(bytes)
  const { tbsCertificate } = parseAsn1(bytes, Certificate, 'a certificate')
  const { issuer, subject, validity } = tbsCertificate
  return {
    bytes,
    ...parts,
    issuer: distinguishedName(issuer),
    subject: distinguishedName(subject),
    notBefore: validity.notBefore.getTime(),
    notAfter: validity.notAfter.getTime(),
    extensions: extensionsOf(tbsCertificate.extensions ?? []),
  }
}

type Parts = Pick<
  ChipCertificate,
  'signed' | 'signature' | 'signatureAlgorithm' | 'serialNumber' | 'issuerBytes' | 'publicKey'
>

/** The pieces that are compared and hashed as they were written. */
function partsOf(bytes: Uint8Array): Parts {
  const whole = parseDer(bytes)
  const [signed, algorithm, signature, ...rest] = readDerElements(whole.content)
  const isCertificate = whole.tag === DER_TAG.sequence && signed?.tag === DER_TAG.sequence
  if (!isCertificate || signature?.tag !== DER_TAG.bitString || rest.length > 0)
    throw noCertificate()
  const [version, serial, inner, issuer, , , publicKey] = readDerElements(signed.content)
  if (version?.tag !== DER_TAG.context0 || serial?.tag !== DER_TAG.integer) throw noCertificate()
  const isVersion3 = readDerElement(version.content).content.join() === '2'
  if (!isVersion3 || !algorithm || !inner || !issuer || !publicKey) throw noCertificate()
  if (!Buffer.from(algorithm.whole).equals(inner.whole)) throw noCertificate()
  if (signature.content[0] !== 0) throw noCertificate()
  return {
    signed: signed.whole,
    signature: signature.content.subarray(1),
    signatureAlgorithm: algorithm.whole,
    serialNumber: serial.content,
    issuerBytes: issuer.whole,
    publicKey: publicKey.whole,
  }
}

function extensionsOf(extensions: Iterable<Extension>): CertificateExtensions {
  return certificateExtensions(
    [...extensions].map(({ extnID, critical, extnValue }) => ({
      id: extnID,
      critical,
      value: new Uint8Array(extnValue.buffer),
    })),
  )
}

const noCertificate = () => malformed('a certificate is no X.509 certificate of version 3')
