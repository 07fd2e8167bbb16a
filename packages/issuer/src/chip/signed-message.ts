import { createHash } from 'node:crypto'
import { IssuerError } from '../issuer-error.js'
import {
  type ChipSignatureAlgorithm,
  type DigestAlgorithm,
  parseDigestAlgorithm,
  parseSignatureAlgorithm,
} from './algorithms.js'
import { type ChipCertificate, parseChipCertificate } from './chip-certificate.js'
import { DER_TAG, malformed } from './der.js'
import { isSignedBy, parsePublicKey } from './public-key.js'
import { attributesOf } from './signed-attributes.js'
import { readSignedData, type SignerParts } from './signed-data.js'

/** A signed message whose signature holds. Nothing is said yet of whose certificate it is. */
export type SignedMessage = {
  readonly content: Uint8Array
  /** The certificate that came along and whose key made the signature. */
  readonly signer: ChipCertificate
  readonly digest: DigestAlgorithm
  readonly algorithm: ChipSignatureAlgorithm
  /** `P-256`, `rsa-3072` */
  readonly keyName: string
}

/**
 * Verifies a CMS message as ICAO Doc 9303 narrows it: content inside, one signer, signed
 * attributes, the signer's certificate along.
 *
 * @param bytes - ContentInfo
 * @param contentType - object identifier that the content must have
 * @throws IssuerError `chip_malformed`, `chip_signers`, `chip_sha1`, `chip_algorithm`,
 *   `chip_content_type`, `chip_message_digest`, `chip_key`, `chip_signature`
 * @see RFC 5652 §5, ICAO Doc 9303-10 §4.6.2.2
 */
export function verifySignedMessage(bytes: Uint8Array, contentType: string): SignedMessage {
  const { contentTypeOf, content, certificates, digests, signer } = readSignedData(bytes)
  if (contentTypeOf !== contentType) throw wrongContent()
  const digest = parseDigestAlgorithm(signer.digestAlgorithm)
  if (!digests.map(parseDigestAlgorithm).includes(digest)) throw malformed('a digest is not named')
  const algorithm = parseSignatureAlgorithm(signer.signatureAlgorithm, digest)
  if (algorithm.digest !== digest) throw mixedDigests()
  // RFC 5652 §5.4, §11.1, §11.2
  const attributes = attributesOf(signer.signedAttributes)
  if (attributes.contentType !== contentType) throw wrongContent()
  if (!createHash(digest.name).update(content).digest().equals(attributes.messageDigest)) {
    throw new IssuerError(
      'chip_message_digest',
      'What the document lists is not what was signed. It was changed: refuse the document.',
    )
  }
  const certificate = certificateOf(signer, certificates)
  const key = parsePublicKey(certificate.publicKey)
  // RFC 5652 §5.4: signed is the SET OF, not the [0] that it travels under.
  const signed = Buffer.from(signer.signedAttributes)
  signed[0] = DER_TAG.set
  if (!isSignedBy({ key, algorithm, signed, signature: signer.signature })) {
    throw new IssuerError(
      'chip_signature',
      'The signature of the document does not hold. It was changed or forged: refuse the document.',
    )
  }
  return { content, signer: certificate, digest, algorithm, keyName: key.name }
}

function certificateOf(signer: SignerParts, candidates: readonly Uint8Array[]): ChipCertificate {
  const named = candidates.map(parseChipCertificate).filter(signer.isNamed)
  const [certificate, ...others] = named
  if (certificate !== undefined && others.length === 0) return certificate
  throw new IssuerError(
    'chip_signers',
    'The document does not bring along the one certificate it was signed with. Ask for other evidence.',
  )
}

function wrongContent(): IssuerError {
  return new IssuerError(
    'chip_content_type',
    'What was signed is of another kind than it is presented as. Refuse the document.',
  )
}

function mixedDigests(): IssuerError {
  return new IssuerError(
    'chip_algorithm',
    'The document names one digest and is signed with another. Ask for other evidence.',
  )
}
