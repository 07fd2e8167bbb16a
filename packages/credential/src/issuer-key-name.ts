import { CredentialError } from './errors.js'
import type { JsonObject } from './json.js'
import { leafKeyId } from './leaf-certificate.js'
import type { TrustedIssuer } from './trust-list-content.js'

/** Everything in a header that names or brings a key. */
const KEY_MEMBERS = ['kid', 'jwk', 'jku', 'x5c', 'x5u'] as const

/** The one member that counts for each mechanism; any other is a second way, and refused. */
const memberOf = { 'did:key': 'kid', x5c: 'x5c' } as const

/**
 * The `keyId` a header names, by the one mechanism that counts for its issuer. Nothing in a header
 * chooses the mechanism, and nothing in it makes a key count: the caller looks it up on the list.
 *
 * @returns undefined for a did:key issuer's header without `kid`; what is no text never matches.
 * @throws CredentialError `header_invalid` for a second way beside the one that counts, and for a
 * missing `x5c`; as `leafKeyId`
 * @see SD-JWT VC §2.5, §7.3
 */
export function namedKeyId(mechanism: TrustedIssuer['mechanism'], header: JsonObject): unknown {
  const counts = memberOf[mechanism]
  if (KEY_MEMBERS.some((name) => name !== counts && Object.hasOwn(header, name))) {
    throw new CredentialError(
      'header_invalid',
      `The header names its key in another way than by ${counts}, the one that counts here.`,
    )
  }
  if (mechanism === 'did:key') return header['kid']
  return leafKeyId(header['x5c'])
}
