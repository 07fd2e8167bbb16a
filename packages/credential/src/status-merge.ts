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
  const { bits } = newer
  if (bits !== older.bits || newer.bytes.length < older.bytes.length || bits > 2) {
    throw new CredentialError(
      'status_list_malformed',
      'A status list changed its width or lost entries: have its issuer publish it again.',
    )
  }
  const bytes = new Uint8Array(newer.bytes)
  for (let at = 0; at < older.bytes.length; at += 1) {
    const before = older.bytes[at] ?? 0
    if (before === 0) continue
    const after = bytes[at] ?? 0
    if (bits === 1) {
      bytes[at] = after | before
      continue
    }
    // Two bits: revoked is 01, so the low bit is set and the high one is not.
    const revoked = before & ~(before >>> 1) & 0x55
    bytes[at] = (after & ~(revoked | (revoked << 1))) | revoked
  }
  return { bits, bytes }
}
