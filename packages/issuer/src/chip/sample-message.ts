import { createHash } from 'node:crypto'
import { DER_TAG, readDerElement, readDerElements } from './der.js'
import {
  derInteger,
  derObjectIdentifier,
  derOctets,
  derOf,
  derSequence,
  derSet,
} from './der-writing.js'
import { type SampleKey, signSample } from './sample-algorithm.js'

/** A certificate and its key. */
export type SampleSigner = { readonly certificate: Uint8Array; readonly key: SampleKey }

/** A message as it shall be; what is not given follows from the content. */
export type SampleMessageOptions = {
  readonly content: Uint8Array
  readonly contentType: string
  readonly signers: readonly SampleSigner[]
  /** Come along, when not just those of the signers. */
  readonly certificates?: readonly Uint8Array[]
  /** Object identifier in the signed attribute, when it is not the content's. */
  readonly attributeType?: string
  /** Digest in the signed attribute, when it is not the content's. */
  readonly messageDigest?: Uint8Array
}

/** Makes a CMS message signed with signed attributes (RFC 5652 §5). */
export function createSampleMessage(options: SampleMessageOptions): Uint8Array {
  const { content, contentType, signers } = options
  const certificates = options.certificates ?? signers.map(({ certificate }) => certificate)
  const data = derSequence(
    derInteger(3),
    derSet(...signers.map(({ key }) => key.algorithm.digestIdentifier)),
    derSequence(derObjectIdentifier(contentType), derOf(DER_TAG.context0, derOctets(content))),
    derOf(DER_TAG.context0, ...certificates),
    derSet(...signers.map((signer) => signerInfo(signer, options))),
  )
  return derSequence(derObjectIdentifier('1.2.840.113549.1.7.2'), derOf(DER_TAG.context0, data))
}

function signerInfo({ certificate, key }: SampleSigner, options: SampleMessageOptions): Uint8Array {
  const { content, contentType, attributeType = contentType } = options
  const { digest, digestIdentifier, identifier } = key.algorithm
  const messageDigest = options.messageDigest ?? createHash(digest).update(content).digest()
  const attributes = derSet(
    attribute('1.2.840.113549.1.9.3', derObjectIdentifier(attributeType)),
    attribute('1.2.840.113549.1.9.4', derOctets(messageDigest)),
  )
  return derSequence(
    derInteger(1),
    issuerAndNumber(certificate),
    digestIdentifier,
    derOf(DER_TAG.context0, readDerElement(attributes).content),
    identifier,
    derOctets(signSample(key, attributes)),
  )
}

function attribute(id: string, value: Uint8Array): Uint8Array {
  return derSequence(derObjectIdentifier(id), derSet(value))
}

function issuerAndNumber(certificate: Uint8Array): Uint8Array {
  const [signed] = readDerElements(readDerElement(certificate).content)
  const [, number, , issuer] = signed === undefined ? [] : readDerElements(signed.content)
  if (number === undefined || issuer === undefined) throw new TypeError('no certificate')
  return derSequence(issuer.whole, number.whole)
}
