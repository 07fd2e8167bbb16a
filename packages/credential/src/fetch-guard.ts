import { CredentialError } from './errors.js'
import { isPublicAddress } from './network-address.js'

/** Names that lead inside a network wherever they are asked (RFC 6761, RFC 6762, RFC 8375). */
const innerDomains = [
  'localhost',
  'local',
  'internal',
  'intranet',
  'private',
  'corp',
  'home',
  'lan',
  'localdomain',
  'home.arpa',
  'onion',
]

const MAX_URI_CHARACTERS = 2048

/**
 * Checks an address from a token or a list before an updater fetches it: https only, no credentials
 * in it, no way inside the own network. Verification itself never fetches. The updater calls it for
 * every hop of a redirect too, and checks each address the name resolves to with
 * `assertPublicAddress`.
 *
 * @throws CredentialError `fetch_blocked`
 */
export function assertFetchable(uri: string): void {
  // Only printable ASCII: the URL parser would drop line breaks and turn backslashes.
  if (uri.length > MAX_URI_CHARACTERS || !/^https:\/\/[!-[\]-~]+$/iu.test(uri)) throw blocked()
  let url: URL
  try {
    url = new URL(uri)
  } catch (cause) {
    throw blocked(cause)
  }
  if (url.protocol !== 'https:' || url.username !== '' || url.password !== '') throw blocked()
  // The parser has already turned 0x7f.1, 2130706433 and the like into dotted decimal form.
  const host = url.hostname.replace(/\.$/u, '').toLowerCase()
  if (host.startsWith('[') || /^[0-9.]+$/u.test(host)) {
    assertPublicAddress(host)
    return
  }
  const inside = innerDomains.some((domain) => host === domain || host.endsWith(`.${domain}`))
  if (inside || !host.includes('.')) throw blocked()
}

/**
 * Checks an IP address that a name resolved to.
 *
 * @throws CredentialError `fetch_blocked` for everything but public unicast.
 */
export function assertPublicAddress(address: string): void {
  if (!isPublicAddress(address)) throw blocked()
}

function blocked(cause?: unknown): CredentialError {
  return new CredentialError(
    'fetch_blocked',
    'The address may not be fetched: only https to a public host is allowed.',
    { cause },
  )
}
