import { randomBytes } from 'node:crypto'

/** Lower case Crockford base32: read aloud and typed without mistakes. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const SYMBOLS = 26

type ReferenceKind = 'c' | 'p' | 'b' | 'o' | 'a' | 'g' | 'r' | 'f' | 'd' | 'k' | 'e' | 'h'

/**
 * A random reference of 130 bits: `c_…` a citizen, `p_…` a person, `b_…` a batch, `o_…` an offer,
 * `a_…` an accreditation, `g_…` a report of a greedy request, `r_…` a re-identification,
 * `f_…` an application, `d_…` a device, `k_…` a recovery contact,
 * `e_…` an erasure receipt, `h_…` a handover at a birthday.
 */
export function createReference(kind: ReferenceKind): string {
  let symbols = ''
  for (const byte of randomBytes(SYMBOLS)) symbols += ALPHABET.charAt(byte & 31)
  return `${kind}_${symbols}`
}
