import { createHash } from 'node:crypto'
import { civilDateAt } from '../civil-date.js'
import { IssuerError, type IssuerErrorCode } from '../issuer-error.js'
import { nameOfSignature } from './algorithms.js'
import type { ChipCertificate } from './chip-certificate.js'
import { type CountryTrust, createCountryTrust, refusal, verifySigner } from './country-trust.js'
import { holdsFace, requireDataGroup, zoneOfGroup1 } from './data-group.js'
import { malformed, readDerElement } from './der.js'
import { countryOfState } from './issuing-states.js'
import { type MachineReadableZone, parseZone } from './machine-readable-zone.js'
import { LDS_SECURITY_OBJECT, parseSecurityObject, type SecurityObject } from './security-object.js'
import { verifySignedMessage } from './signed-message.js'

/** What was read from the chip of a document. */
export type ChipContent = {
  /** EF.SOD as it stands on the chip, tag 77 included. */
  readonly sod: Uint8Array
  /** Data groups by number (1 to 16), each as it stands on the chip; 1 is needed. */
  readonly dataGroups: ReadonlyMap<number, Uint8Array>
}

/** A chip, whose documents count, and the time. */
export type VerifyDocumentChipOptions = ChipContent & {
  /** DER of the country signing certificates that are trusted. */
  readonly cscaCertificates: readonly Uint8Array[]
  readonly now: Date
  /** There is no way to accept SHA-1. */
  readonly allowSha1?: never
}

/** Who signed a document. Nothing in it is about the holder. */
export type DocumentSigner = {
  /** Two letters. */
  readonly country: string
  /** Of the certificate, hexadecimal. */
  readonly serialNumber: string
  readonly validUntil: Date
  /** SHA-256 of the country signing certificate, hexadecimal. */
  readonly cscaFingerprint: string
}

/** A document whose chip is genuine. */
export type VerifiedChip = {
  readonly mrz: MachineReadableZone
  readonly documentSigner: DocumentSigner
  /** Of the data groups: `sha256`. */
  readonly digestAlgorithm: string
  /** Scheme, digest and key: `ecdsa-sha384 brainpoolP384r1`. */
  readonly signatureAlgorithm: string
  /** Numbers of the data groups that were presented and are genuine, in order. */
  readonly dataGroups: readonly number[]
  /** There when data group 2 was presented and holds a picture. */
  readonly face?: 'present'
}

/** No chip holds more: pictures come to some 20 KB, security objects to 3 KB. */
const MAXIMUM_SOD_BYTES = 64 * 1024
const MAXIMUM_GROUP_BYTES = 1024 * 1024

/** Identifier of EF.SOD. */
const SECURITY_OBJECT_FILE = 0x77

/**
 * Passive authentication: the state that issued the document signed what is on its chip, and
 * nothing there was changed. That the chip is no copy of the genuine one is not shown by it.
 *
 * @throws IssuerError `chip_…`, naming the step that failed; `csca_malformed`
 * @see ICAO Doc 9303-11 §5.1
 */
export function verifyDocumentChip(options: VerifyDocumentChipOptions): VerifiedChip {
  const { cscaCertificates, ...chip } = options
  return verifyChipUnder(createCountryTrust(cscaCertificates), chip)
}

/** {@link verifyDocumentChip} under trust that was read before. */
export function verifyChipUnder(
  trust: CountryTrust,
  { sod, dataGroups, now }: ChipContent & { readonly now: Date },
): VerifiedChip {
  const message = verifySignedMessage(messageIn(sod), LDS_SECURITY_OBJECT)
  const { signer } = message
  const csca = verifySigner({ certificate: signer, trust, purpose: 'documents', now })
  const listed = parseSecurityObject(message.content)
  for (const [number, bytes] of dataGroups) verifyGroup(number, bytes, listed)
  const first = dataGroups.get(1)
  if (first === undefined) throw stepRefusal('chip_group_missing')
  const mrz = parseZone(zoneOfGroup1(first), now)
  requireValidDocument(mrz, signer, now)
  const second = dataGroups.get(2)
  return {
    mrz,
    documentSigner: describeSigner(signer, csca),
    digestAlgorithm: listed.digest.name,
    signatureAlgorithm: `${nameOfSignature(message.algorithm)} ${message.keyName}`,
    dataGroups: [...dataGroups.keys()].sort((a, b) => a - b),
    ...(second !== undefined && holdsFace(second) ? { face: 'present' as const } : {}),
  }
}

function messageIn(sod: Uint8Array): Uint8Array {
  if (sod.length > MAXIMUM_SOD_BYTES) throw stepRefusal('chip_too_large')
  const { tag, content } = readDerElement(sod)
  if (tag !== SECURITY_OBJECT_FILE) throw malformed('it is no EF.SOD')
  return content
}

function verifyGroup(number: number, bytes: Uint8Array, { digest, digests }: SecurityObject): void {
  if (bytes.length > MAXIMUM_GROUP_BYTES) throw stepRefusal('chip_too_large')
  const listed = digests.get(number)
  if (listed === undefined) throw stepRefusal('chip_group_unlisted')
  const isGenuine = createHash(digest.name).update(bytes).digest().equals(listed)
  if (!isGenuine) throw stepRefusal('chip_group_hash')
  requireDataGroup(number, bytes)
}

/** Of the signer's own country, of a kind it may sign, and still valid today. */
function requireValidDocument(mrz: MachineReadableZone, signer: ChipCertificate, now: Date): void {
  if (countryOfState(mrz.issuingState) !== signer.subject.country) throw refusal('chip_country')
  const types = signer.extensions.documentTypes
  const code = mrz.documentCode
  if (types !== undefined && !types.includes(code) && !types.includes(code.charAt(0))) {
    throw stepRefusal('chip_document_type')
  }
  if (mrz.expires < civilDateAt(now)) throw stepRefusal('chip_document_expired')
}

function describeSigner(signer: ChipCertificate, csca: ChipCertificate): DocumentSigner {
  return {
    country: signer.subject.country,
    serialNumber: Buffer.from(signer.serialNumber).toString('hex'),
    validUntil: signer.notAfter,
    cscaFingerprint: createHash('sha256').update(csca.bytes).digest('hex'),
  }
}

type Step = Extract<
  IssuerErrorCode,
  | 'chip_too_large'
  | 'chip_group_missing'
  | 'chip_group_unlisted'
  | 'chip_group_hash'
  | 'chip_document_type'
  | 'chip_document_expired'
>

const steps: Readonly<Record<Step, string>> = {
  chip_too_large: 'A file is larger than any on a document. Check that it is the right file.',
  chip_group_missing: 'Data group 1, the machine readable zone, is missing. Read the chip again.',
  chip_group_unlisted:
    'A data group is not one that was signed. Leave it out, or refuse the document.',
  chip_group_hash:
    'A data group is not the one that was signed. It was changed: refuse the document.',
  chip_document_type:
    'The document was signed with a key for documents of other kinds. Refuse the document.',
  chip_document_expired: 'The document has expired. Ask for a valid one.',
}

function stepRefusal(code: Step): IssuerError {
  return new IssuerError(code, steps[code])
}
