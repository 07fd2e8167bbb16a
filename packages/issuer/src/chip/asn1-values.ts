import { AsnParser, type IAsnParseOptions } from '@peculiar/asn1-schema'
import { DER_TAG, malformed, parseDer } from './der.js'

/** Beside the strict walk before it; what an OCTET STRING holds is read by the library too. */
const bounds = {
  berOptions: { maxDepth: 32, maxNodes: 8000, maxContentLength: 1024 * 1024 },
} satisfies IAsnParseOptions

/**
 * Reads a SEQUENCE of an ASN.1 type from DER: walked first, bounded, and the library last.
 *
 * @param what - what it is, for the message: `the certificate`
 * @throws IssuerError `chip_malformed`
 */
export function parseAsn1<T>(bytes: Uint8Array, type: new () => T, what: string): T {
  if (parseDer(bytes).tag !== DER_TAG.sequence) throw malformed(`${what} cannot be read`)
  try {
    return AsnParser.parse(bytes, type, bounds)
  } catch (error) {
    throw malformed(`${what} cannot be read`, error)
  }
}
