import { RsaSaPssParams } from '@peculiar/asn1-rsa'
import { AlgorithmIdentifier } from '@peculiar/asn1-x509'
import { IssuerError } from '../issuer-error.js'
import { parseAsn1 } from './asn1-values.js'
import { DER_TAG, readDerElement } from './der.js'

/** A digest that counts, by the name node:crypto has for it. */
export type DigestName = 'sha224' | 'sha256' | 'sha384' | 'sha512'

/** A digest algorithm: one row of the table. */
export type DigestAlgorithm = { readonly name: DigestName; readonly sizeBytes: number }

/** A signature algorithm: one row of the table, with what a PSS signature adds to it. */
export type ChipSignatureAlgorithm =
  | { readonly scheme: 'rsa' | 'ecdsa'; readonly digest: DigestAlgorithm }
  | {
      readonly scheme: 'rsa-pss'
      readonly digest: DigestAlgorithm
      readonly saltLengthBytes: number
    }

const SHA1 = '1.3.14.3.2.26'
const RSA_ENCRYPTION = '1.2.840.113549.1.1.1'
const RSA_PSS = '1.2.840.113549.1.1.10'
const MGF1 = '1.2.840.113549.1.1.8'

const digests: ReadonlyMap<string, DigestAlgorithm> = new Map([
  ['2.16.840.1.101.3.4.2.4', { name: 'sha224', sizeBytes: 28 }],
  ['2.16.840.1.101.3.4.2.1', { name: 'sha256', sizeBytes: 32 }],
  ['2.16.840.1.101.3.4.2.2', { name: 'sha384', sizeBytes: 48 }],
  ['2.16.840.1.101.3.4.2.3', { name: 'sha512', sizeBytes: 64 }],
])

type Row = readonly [scheme: 'rsa' | 'ecdsa', digest: string]

const signatures: ReadonlyMap<string, Row> = new Map([
  ['1.2.840.113549.1.1.14', ['rsa', '2.16.840.1.101.3.4.2.4']],
  ['1.2.840.113549.1.1.11', ['rsa', '2.16.840.1.101.3.4.2.1']],
  ['1.2.840.113549.1.1.12', ['rsa', '2.16.840.1.101.3.4.2.2']],
  ['1.2.840.113549.1.1.13', ['rsa', '2.16.840.1.101.3.4.2.3']],
  ['1.2.840.10045.4.3.1', ['ecdsa', '2.16.840.1.101.3.4.2.4']],
  ['1.2.840.10045.4.3.2', ['ecdsa', '2.16.840.1.101.3.4.2.1']],
  ['1.2.840.10045.4.3.3', ['ecdsa', '2.16.840.1.101.3.4.2.2']],
  ['1.2.840.10045.4.3.4', ['ecdsa', '2.16.840.1.101.3.4.2.3']],
])

/** SHA-1 and MD5, alone and in signatures: known, so that the refusal can say so. */
const broken = new Set([
  SHA1,
  '1.2.840.113549.2.5',
  '1.2.840.113549.1.1.4',
  '1.2.840.113549.1.1.5',
  '1.2.840.10045.4.1',
  '1.3.14.3.2.29',
])

/**
 * Reads a digest's AlgorithmIdentifier.
 *
 * @throws IssuerError `chip_sha1`, `chip_algorithm`, `chip_malformed`
 */
export function parseDigestAlgorithm(der: Uint8Array): DigestAlgorithm {
  return digestOf(parseAsn1(der, AlgorithmIdentifier, 'an algorithm'))
}

/**
 * Reads a signature's AlgorithmIdentifier.
 *
 * @param digest - what a signer names beside a bare RSA key; certificates have none to give
 * @throws IssuerError `chip_sha1`, `chip_algorithm`, `chip_malformed`
 * @see RFC 4055, RFC 5480, RFC 5754, ICAO Doc 9303-12 §4.4
 */
export function parseSignatureAlgorithm(
  der: Uint8Array,
  digest?: DigestAlgorithm,
): ChipSignatureAlgorithm {
  const identifier = parseAsn1(der, AlgorithmIdentifier, 'an algorithm')
  const { algorithm } = identifier
  refuseBroken(algorithm)
  if (algorithm === RSA_PSS) return pssOf(identifier)
  if (algorithm === RSA_ENCRYPTION && digest !== undefined) {
    requireNoParameters(identifier)
    return { scheme: 'rsa', digest }
  }
  const row = signatures.get(algorithm)
  if (row === undefined) throw unknownAlgorithm()
  requireNoParameters(identifier)
  return { scheme: row[0], digest: rowOf(row[1]) }
}

/** An algorithm as it is shown: `ecdsa-sha384`. */
export function nameOfSignature({ scheme, digest }: ChipSignatureAlgorithm): string {
  return `${scheme}-${digest.name}`
}

function digestOf(identifier: AlgorithmIdentifier): DigestAlgorithm {
  requireNoParameters(identifier)
  return rowOf(identifier.algorithm)
}

function rowOf(objectIdentifier: string): DigestAlgorithm {
  refuseBroken(objectIdentifier)
  const row = digests.get(objectIdentifier)
  if (row === undefined) throw unknownAlgorithm()
  return row
}

/** What is left out of PSS parameters is SHA-1 (RFC 4055 §3.1). */
function pssOf({ parameters }: AlgorithmIdentifier): ChipSignatureAlgorithm {
  if (!parameters) throw sha1Refused()
  const pss = parseAsn1(new Uint8Array(parameters), RsaSaPssParams, 'an algorithm')
  const digest = digestOf(pss.hashAlgorithm)
  const { algorithm, parameters: inner } = pss.maskGenAlgorithm
  if (algorithm !== MGF1 || !inner) throw unknownAlgorithm()
  const mask = parseDigestAlgorithm(new Uint8Array(inner))
  const { saltLength: saltLengthBytes, trailerField } = pss
  const isOurs = mask === digest && trailerField === 1
  if (!isOurs || saltLengthBytes < 20 || saltLengthBytes > 64) throw unknownAlgorithm()
  return { scheme: 'rsa-pss', digest, saltLengthBytes }
}

/** Absent or NULL, as the algorithm's own standard has it; nothing else is hidden there. */
function requireNoParameters({ parameters }: AlgorithmIdentifier): void {
  if (!parameters) return
  const { tag, content } = readDerElement(new Uint8Array(parameters))
  if (tag !== DER_TAG.null || content.length > 0) throw unknownAlgorithm()
}

function refuseBroken(objectIdentifier: string): void {
  if (broken.has(objectIdentifier)) throw sha1Refused()
}

function sha1Refused(): IssuerError {
  return new IssuerError(
    'chip_sha1',
    'The document is signed with SHA-1 or MD5, which anybody may have forged. Ask for a newer document, or for other evidence.',
  )
}

function unknownAlgorithm(): IssuerError {
  return new IssuerError(
    'chip_algorithm',
    'The document is signed with an algorithm that is not accepted. Ask for other evidence.',
  )
}
