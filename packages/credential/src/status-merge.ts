import { CredentialError } from './errors.js'
import type { StatusList } from './status-list.js'

/**
 * The newer version of a list, with every entry that was revoked before still revoked: revocation
 * goes one way, whatever a later list says. Suspension can be lifted.
 *
 * @throws CredentialError `status_list_malformed` when the newer version has another width or fewer
 * entries, or a width that netcert does not issue.
 */
export function mergeStatusLists(older: StatusList, newer: StatusList): StatusList {
  const { bits, bytes: after } = newer
  // Read once: a list may be inflated when it is read.
  const { bytes: before } = older
  if (bits !== older.bits || after.length < before.length || bits > 2) {
    throw new CredentialError(
      'status_list_malformed',
      'A status list changed its width or lost entries: have its issuer publish it again.',
    )
  }
  const bytes = new Uint8Array(after)
  for (let at = 0; at < before.length; at += 1) {
    const old = before[at] ?? 0
    if (old === 0) continue
    const young = bytes[at] ?? 0
    if (bits === 1) {
      bytes[at] = young | old
      continue
    }
    // Two bits: revoked is 01, so the low bit is set and the high one is not.
    const revoked = old & ~(old >>> 1) & 0x55
    bytes[at] = (young & ~(revoked | (revoked << 1))) | revoked
  }
  return { bits, bytes }
}
