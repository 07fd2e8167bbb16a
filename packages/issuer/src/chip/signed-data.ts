import { IssuerError } from '../issuer-error.js'
import type { ChipCertificate } from './chip-certificate.js'
import {
  DER_TAG,
  type DerElement,
  malformed,
  parseDer,
  readDerElement,
  readDerElements,
} from './der.js'
import { derObjectIdentifier } from './der-writing.js'
import { readObjectIdentifier } from './object-identifier.js'

/** What a signer put into a message. */
export type SignerParts = {
  /** Whether a certificate is the one the signer names. */
  readonly isNamed: (certificate: ChipCertificate) => boolean
  readonly digestAlgorithm: Uint8Array
  /** As it travels, under the tag `[0]`. */
  readonly signedAttributes: Uint8Array
  readonly signatureAlgorithm: Uint8Array
  readonly signature: Uint8Array
}

/** The parts of a signed message, cut out and not yet judged. */
export type SignedDataParts = {
  readonly contentTypeOf: string
  readonly content: Uint8Array
  readonly digests: readonly Uint8Array[]
  readonly certificates: readonly Uint8Array[]
  readonly signer: SignerParts
}

const SIGNED_DATA = '1.2.840.113549.1.7.2'

/** Tag of `[0] IMPLICIT SubjectKeyIdentifier`. */
const SUBJECT_KEY = 0x80

/**
 * Takes a ContentInfo with SignedData apart.
 *
 * @throws IssuerError `chip_malformed`, `chip_signers` when it has not exactly one signer
 * @see RFC 5652 §3, §5.1 to §5.3
 */
export function readSignedData(bytes: Uint8Array): SignedDataParts {
  const root = expected(parseDer(bytes), DER_TAG.sequence)
  const [type, explicit, ...more] = readDerElements(root.content)
  const isSignedData =
    type !== undefined && Buffer.from(type.whole).equals(derObjectIdentifier(SIGNED_DATA))
  if (!isSignedData || more.length > 0) throw malformed('it is no signed message')
  const data = expected(only(expected(explicit, DER_TAG.context0)), DER_TAG.sequence)
  return partsOf(readDerElements(data.content))
}

function partsOf(elements: readonly DerElement[]): SignedDataParts {
  const [version, digests, encapsulated, certificates, signers, ...more] = elements
  // RFC 5652 §5.1: 3, because the content is none of plain data. Doc 9303-10: no CRLs.
  requireVersion(version, 3)
  if (more.length > 0) throw malformed('it holds more than a document signs')
  const [contentType, explicit] = readDerElements(expected(encapsulated, DER_TAG.sequence).content)
  const [signer, ...others] = readDerElements(expected(signers, DER_TAG.set).content)
  if (signer === undefined || others.length > 0) throw wrongSigners()
  return {
    contentTypeOf: readObjectIdentifier(contentType),
    content: expected(only(expected(explicit, DER_TAG.context0)), DER_TAG.octetString).content,
    digests: wholes(expected(digests, DER_TAG.set)),
    certificates: wholes(expected(certificates, DER_TAG.context0)),
    signer: signerOf(expected(signer, DER_TAG.sequence)),
  }
}

function signerOf({ content }: DerElement): SignerParts {
  const [version, identifier, digest, attributes, algorithm, signature, unsigned, ...more] =
    readDerElements(content)
  if (identifier === undefined || more.length > 0) throw malformed('its signer cannot be read')
  requireVersion(version, identifier.tag === SUBJECT_KEY ? 3 : 1)
  // What nobody signed is not looked at, and nothing else may stand there.
  if (unsigned !== undefined) expected(unsigned, DER_TAG.context1)
  return {
    isNamed: namedBy(identifier),
    digestAlgorithm: expected(digest, DER_TAG.sequence).whole,
    signedAttributes: expected(attributes, DER_TAG.context0).whole,
    signatureAlgorithm: expected(algorithm, DER_TAG.sequence).whole,
    signature: expected(signature, DER_TAG.octetString).content,
  }
}

/** RFC 5652 §5.3: by issuer and number, or by the identifier of the key. */
function namedBy(identifier: DerElement): SignerParts['isNamed'] {
  if (identifier.tag === SUBJECT_KEY) {
    const key = Buffer.from(identifier.content).toString('hex')
    return ({ extensions }) => extensions.subjectKeyIdentifier === key
  }
  const [issuer, number, ...more] = readDerElements(expected(identifier, DER_TAG.sequence).content)
  if (issuer === undefined || number?.tag !== DER_TAG.integer || more.length > 0) {
    throw malformed('its signer cannot be read')
  }
  const issuerName = Buffer.from(issuer.whole)
  const serialNumber = Buffer.from(number.content)
  return (certificate) =>
    issuerName.equals(certificate.issuerBytes) && serialNumber.equals(certificate.serialNumber)
}

const wholes = ({ content }: DerElement) => readDerElements(content).map(({ whole }) => whole)

const only = ({ content }: DerElement) => readDerElement(content)

function expected(element: DerElement | undefined, tag: number): DerElement {
  if (element?.tag !== tag) throw malformed('its parts are not those of a signed message')
  return element
}

function requireVersion(element: DerElement | undefined, version: number): void {
  const { content } = expected(element, DER_TAG.integer)
  if (content.length !== 1 || content[0] !== version) throw malformed('its version is another one')
}

function wrongSigners(): IssuerError {
  return new IssuerError(
    'chip_signers',
    'The document is not signed by exactly one signer. Refuse the document.',
  )
}
