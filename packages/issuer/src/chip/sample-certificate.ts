import { createHash, randomBytes } from 'node:crypto'
import { DER_TAG } from './der.js'
import {
  derBits,
  derInteger,
  derObjectIdentifier,
  derOctets,
  derOf,
  derSequence,
  derSet,
  derText,
  derUnsigned,
  derUtcTime,
} from './der-writing.js'
import { type SampleKey, signSample } from './sample-algorithm.js'

/** A name of two parts. */
export type SampleName = { readonly country: string; readonly commonName: string }

/** An extension of a sample certificate. */
export type SampleExtension = {
  readonly id: string
  readonly critical: boolean
  readonly value: Uint8Array
}

/** A certificate as it shall be. */
export type SampleCertificateOptions = {
  readonly subject: SampleName
  readonly publicKey: Uint8Array
  readonly issuer: SampleName
  readonly issuerKey: SampleKey
  readonly notBefore: Date
  readonly notAfter: Date
  readonly extensions: readonly SampleExtension[]
  /** Whether it names its own key and its issuer's; it does when this is left out. */
  readonly keyIdentifiers?: boolean
}

/** Makes and signs an X.509 certificate of version 3, with the identifiers of both keys unless told otherwise. */
export function createSampleCertificate(options: SampleCertificateOptions): Uint8Array {
  const { issuerKey, publicKey, notBefore, notAfter } = options
  const { identifier } = issuerKey.algorithm
  const extensions = [...identifiersOf(options), ...options.extensions]
  const signed = derSequence(
    derOf(DER_TAG.context0, derInteger(2)),
    derUnsigned(randomBytes(16)),
    identifier,
    nameOf(options.issuer),
    derSequence(derUtcTime(notBefore), derUtcTime(notAfter)),
    nameOf(options.subject),
    publicKey,
    derOf(DER_TAG.context3, derSequence(...extensions.map(extensionOf))),
  )
  return derSequence(signed, identifier, derBits(signSample(issuerKey, signed)))
}

/** The extensions of each kind of certificate (ICAO Doc 9303-12 §7.1). */
export const SAMPLE_PROFILES = {
  authority: [
    { id: '2.5.29.15', critical: true, value: derBits(Uint8Array.of(0x06), 1) },
    {
      id: '2.5.29.19',
      critical: true,
      value: derSequence(derOf(DER_TAG.boolean, Uint8Array.of(0xff)), derInteger(0)),
    },
  ],
  documentSigner: [
    { id: '2.5.29.15', critical: true, value: derBits(Uint8Array.of(0x80), 7) },
    { id: '2.23.136.1.1.6.2', critical: false, value: documentTypes('A', 'C', 'I', 'P') },
  ],
  masterListSigner: [
    { id: '2.5.29.15', critical: true, value: derBits(Uint8Array.of(0x80), 7) },
    {
      id: '2.5.29.37',
      critical: true,
      value: derSequence(derObjectIdentifier('2.23.136.1.1.3')),
    },
  ],
} as const satisfies Readonly<Record<string, readonly SampleExtension[]>>

/** `SEQUENCE { version INTEGER, docTypeList SET OF PrintableString }` */
export function documentTypes(...types: readonly string[]): Uint8Array {
  const list = types.map((type) => derText(DER_TAG.printableString, type))
  return derSequence(derInteger(0), derSet(...list))
}

function identifiersOf(options: SampleCertificateOptions): SampleExtension[] {
  const { publicKey, issuerKey, keyIdentifiers = true } = options
  if (!keyIdentifiers) return []
  const issuer = derSequence(derOf(0x80, keyIdentifier(issuerKey.publicKey)))
  return [
    { id: '2.5.29.14', critical: false, value: derOctets(keyIdentifier(publicKey)) },
    { id: '2.5.29.35', critical: false, value: issuer },
  ]
}

function extensionOf({ id, critical, value }: SampleExtension): Uint8Array {
  const mark = critical ? [derOf(DER_TAG.boolean, Uint8Array.of(0xff))] : []
  return derSequence(derObjectIdentifier(id), ...mark, derOctets(value))
}

function nameOf({ country, commonName }: SampleName): Uint8Array {
  const part = (id: string, value: Uint8Array) =>
    derSet(derSequence(derObjectIdentifier(id), value))
  return derSequence(
    part('2.5.4.6', derText(DER_TAG.printableString, country)),
    part('2.5.4.3', derText(DER_TAG.utf8String, commonName)),
  )
}

/** 160 bits of a digest over the key, as RFC 7093 §2 has it. */
function keyIdentifier(publicKey: Uint8Array): Uint8Array {
  return createHash('sha256').update(publicKey).digest().subarray(0, 20)
}
