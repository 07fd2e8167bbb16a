import { randomBytes } from '@netcert/credential/crypto'
import { encodeBase64Url } from './base64url.js'

const SALT_BYTES = 16
/** 16 octets are 22 characters; two octets more end on a whole group of 24. */
const GROUP_BYTES = 18
const GROUP_CHARACTERS = 24
const SALT_CHARACTERS = 22
const SALTS_DRAWN = 64

let drawn = ''
let used = 0

/**
 * A fresh salt of 128 random bits in base64url; none is ever given twice. They are drawn and encoded
 * many at a time, since a certificate needs dozens.
 *
 * @see RFC 9901 §4.2.1, §9.3
 */
export function createSalt(): string {
  if (used === drawn.length) {
    drawn = encodeBase64Url(drawGroups())
    used = 0
  }
  const salt = drawn.slice(used, used + SALT_CHARACTERS)
  used += GROUP_CHARACTERS
  return salt
}

/** Each group: a salt and two zero octets, which end up in the characters that are cut off. */
function drawGroups(): Uint8Array {
  const random = randomBytes(SALTS_DRAWN * SALT_BYTES)
  const groups = new Uint8Array(SALTS_DRAWN * GROUP_BYTES)
  for (let salt = 0; salt < SALTS_DRAWN; salt += 1) {
    const start = salt * SALT_BYTES
    groups.set(random.subarray(start, start + SALT_BYTES), salt * GROUP_BYTES)
  }
  return groups
}
