import { IssuerError } from '../issuer-error.js'
import { parseChipCertificate } from './chip-certificate.js'
import { createCountryTrust, verifySigner } from './country-trust.js'
import { DER_TAG, malformed, readDerElement, readDerElements } from './der.js'
import { verifySignedMessage } from './signed-message.js'

/** A list as it was brought, who may have signed it, and when it is read. */
export type ReadMasterListOptions = {
  /** ContentInfo, as the ICAO Public Key Directory and states publish it (`.ml`). */
  readonly bytes: Uint8Array
  /** DER of the country signing certificates under which its signer must stand. */
  readonly trustAnchors: readonly Uint8Array[]
  readonly now: Date
}

/** A master list whose signature holds. */
export type MasterList = {
  /** DER of the country signing certificates in it, each once. */
  readonly certificates: readonly Uint8Array[]
  /** Certificates in it that cannot be read and are left out. */
  readonly unreadable: number
  /** Two letters: the country that signed the list. */
  readonly signedBy: string
}

const MASTER_LIST = '2.23.136.1.1.2'
const MAXIMUM_BYTES = 8 * 1024 * 1024
const MAXIMUM_CERTIFICATES = 4000

/**
 * Verifies a list of country signing certificates.
 *
 * @throws IssuerError `chip_too_large`, `csca_malformed` for an anchor, and the codes of signed
 *   messages and of certificates: `chip_malformed`, `chip_signature`, `chip_issuer_unknown`, …
 * @see ICAO Doc 9303-12 §8
 */
export function readMasterList({ bytes, trustAnchors, now }: ReadMasterListOptions): MasterList {
  if (bytes.length > MAXIMUM_BYTES) {
    throw new IssuerError('chip_too_large', 'The master list is too large. Check the file.')
  }
  const trust = createCountryTrust(trustAnchors)
  const { content, signer } = verifySignedMessage(bytes, MASTER_LIST)
  verifySigner({ certificate: signer, trust, purpose: 'master_list', now })
  const listed = new Map(
    certificatesIn(content).map((certificate) => [
      Buffer.from(certificate).toString('base64'),
      certificate,
    ]),
  )
  const certificates = [...listed.values()].filter(isReadable)
  const unreadable = listed.size - certificates.length
  return { certificates, unreadable, signedBy: signer.subject.country }
}

/** `SEQUENCE { version INTEGER, certList SET OF Certificate }` */
function certificatesIn(content: Uint8Array): Uint8Array[] {
  const list = readDerElement(content)
  const [version, certificates, ...more] = readDerElements(list.content)
  const isList =
    list.tag === DER_TAG.sequence &&
    version?.tag === DER_TAG.integer &&
    version.content.join() === '0'
  if (!isList || certificates?.tag !== DER_TAG.set || more.length > 0) {
    throw malformed('it is no master list')
  }
  return readDerElements(certificates.content, MAXIMUM_CERTIFICATES).map(({ whole }) => whole)
}

function isReadable(certificate: Uint8Array): boolean {
  try {
    parseChipCertificate(certificate)
    return true
  } catch {
    return false
  }
}
