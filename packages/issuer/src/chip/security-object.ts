import { IssuerError } from '../issuer-error.js'
import { type DigestAlgorithm, parseDigestAlgorithm } from './algorithms.js'
import { DER_TAG, parseDer, readDerElements } from './der.js'

/** Content type of a Document Security Object. */
export const LDS_SECURITY_OBJECT = '2.23.136.1.1.1'

/** The digests of a document's data groups, as they were signed. */
export type SecurityObject = {
  readonly digest: DigestAlgorithm
  /** By number of the data group. */
  readonly digests: ReadonlyMap<number, Uint8Array>
}

/**
 * Reads an LDSSecurityObject, version 0 or 1.
 *
 * @throws IssuerError `chip_security_object`, `chip_sha1`, `chip_algorithm`, `chip_malformed`
 * @see ICAO Doc 9303-10 §4.6.2.3
 */
export function parseSecurityObject(bytes: Uint8Array): SecurityObject {
  const root = parseDer(bytes)
  const [version, algorithm, groups, versionInformation, ...more] =
    root.tag === DER_TAG.sequence ? readDerElements(root.content) : []
  const number = version?.tag === DER_TAG.integer ? version.content.join() : ''
  if (!algorithm || groups?.tag !== DER_TAG.sequence || more.length > 0) throw unreadable()
  // Version 1 says which LDS and Unicode it is made for; version 0 does not.
  const isWhole =
    number === '1' ? versionInformation?.tag === DER_TAG.sequence : versionInformation === undefined
  if ((number !== '0' && number !== '1') || !isWhole) throw unreadable()
  const digest = parseDigestAlgorithm(algorithm.whole)
  const digests = new Map<number, Uint8Array>()
  const entries = readDerElements(groups.content)
  for (const { content } of entries) {
    const [group, value, ...rest] = readDerElements(content)
    if (group?.tag !== DER_TAG.integer || value?.tag !== DER_TAG.octetString) throw unreadable()
    const isDigest = value.content.length === digest.sizeBytes && rest.length === 0
    const [groupNumber = 0] = group.content.length === 1 ? group.content : []
    if (!isDigest || groupNumber < 1 || groupNumber > 16) throw unreadable()
    digests.set(groupNumber, value.content)
  }
  if (digests.size !== entries.length || digests.size < 2) throw unreadable()
  return { digest, digests }
}

function unreadable(): IssuerError {
  return new IssuerError(
    'chip_security_object',
    'The list of digests in the document is not one of a travel document. Refuse the document.',
  )
}
