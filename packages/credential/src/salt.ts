import { randomBytes } from '@netcert/credential/crypto'
import { encodeBase64Url } from './base64url.js'

/**
 * A fresh salt of 128 random bits in base64url; none is ever given twice.
 *
 * @see RFC 9901 §4.2.1, §9.3
 */
export const createSalt: () => string = drawing({ bytes: 16, groupBytes: 18 })

/**
 * A decoy digest: 256 random bits in base64url, which nobody can tell from a SHA-256 digest. The
 * standard recommends hashing a random number, which gives the same and costs a hash each time.
 *
 * @see RFC 9901 §4.2.5
 */
export const createDecoyDigest: () => string = drawing({ bytes: 32, groupBytes: 33 })

const DRAWN_TOGETHER = 64

/**
 * Random values of `bytes` octets, drawn and encoded many at a time, since a certificate needs
 * dozens. `groupBytes` is `bytes` rounded up to whole groups of three octets, so that each value
 * begins on a whole character; the characters of the zero octets between them are cut off.
 */
function drawing(size: { readonly bytes: number; readonly groupBytes: number }): () => string {
  const { bytes, groupBytes } = size
  const groupCharacters = (groupBytes / 3) * 4
  const characters = Math.ceil((bytes * 8) / 6)
  let drawn = ''
  let used = 0
  const draw = () => {
    const random = randomBytes(DRAWN_TOGETHER * bytes)
    const groups = new Uint8Array(DRAWN_TOGETHER * groupBytes)
    for (let value = 0; value < DRAWN_TOGETHER; value += 1) {
      groups.set(random.subarray(value * bytes, (value + 1) * bytes), value * groupBytes)
    }
    return encodeBase64Url(groups)
  }
  return () => {
    if (used === drawn.length) {
      drawn = draw()
      used = 0
    }
    const value = drawn.slice(used, used + characters)
    used += groupCharacters
    return value
  }
}
