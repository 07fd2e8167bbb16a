import { decodeTextBase64Url } from './base64url.js'
import { digestDisclosure, parseDisclosure } from './disclosure.js'
import type { CarriedDisclosure, IssuedView } from './issued-view.js'
import { parseJsonObject } from './json.js'
import type { ReadSdJwt } from './sd-jwt-verify.js'

/**
 * The certificate as it was issued, for rules that look at digests. Reads the received text again,
 * because unpacking works in place: only those who need this view pay for it.
 */
export function viewAsIssued(
  read: Pick<ReadSdJwt, 'jwt' | 'parts' | 'hashAlgorithm'>,
  limits: { readonly maxDepth: number },
): IssuedView {
  const disclosures = new Map<string, CarriedDisclosure>()
  for (const encoded of read.parts.disclosures) {
    const { name, value } = parseDisclosure(encoded, limits)
    const digest = digestDisclosure(read.hashAlgorithm, encoded)
    disclosures.set(digest, name === null ? { value } : { name, value })
  }
  const payload = parseJsonObject(decodeTextBase64Url(read.jwt.encodedPayload), limits)
  return { payload, disclosures }
}
