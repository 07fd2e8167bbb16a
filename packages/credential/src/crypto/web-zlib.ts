import { unzlibSync, zlibSync } from 'fflate'
import { CredentialError } from '../errors.js'

/**
 * Inflates ZLIB data (RFC 1950) of at most `maxBytes` output.
 *
 * @throws CredentialError `status_list_too_large` beyond `maxBytes`, `status_list_malformed` for
 * anything else that is not exactly one ZLIB stream: raw DEFLATE, gzip, a preset dictionary, a wrong
 * checksum, bytes missing or left over.
 */
export function inflateZlib(data: Uint8Array, maxBytes: number): Uint8Array {
  const output = inflateInto(data, maxBytes)
  if (output === undefined) {
    throw new CredentialError('status_list_malformed', 'The list is not ZLIB data.')
  }
  if (output.length > maxBytes) {
    throw new CredentialError(
      'status_list_too_large',
      `The list inflates beyond ${maxBytes} bytes.`,
    )
  }
  const end = data.length - CHECKSUM_BYTES
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  if (view.getUint32(end) !== adler32(output)) {
    throw new CredentialError('status_list_malformed', 'The checksum of the list is wrong.')
  }
  // fflate does not tell how much it consumed. A stream that still inflates without its last byte
  // had bytes left over.
  const shorter = new Uint8Array(data.length - 1)
  shorter.set(data.subarray(0, end - 1))
  if (inflateInto(shorter, output.length) !== undefined) {
    throw new CredentialError('status_list_malformed', 'Bytes follow the end of the ZLIB data.')
  }
  return output
}

/** ZLIB data (RFC 1950), level 6. */
export function deflateZlib(data: Uint8Array): Uint8Array {
  return zlibSync(data, { level: 6 })
}

const CHECKSUM_BYTES = 4

function inflateInto(data: Uint8Array, maxBytes: number): Uint8Array | undefined {
  if (data.length < 2 + CHECKSUM_BYTES + 1) return undefined
  try {
    // One byte more than allowed: fflate silently cuts what does not fit.
    return unzlibSync(data, { out: new Uint8Array(maxBytes + 1) })
  } catch {
    return undefined
  }
}

/** RFC 1950 §8.2, which fflate writes and does not check. */
function adler32(data: Uint8Array): number {
  let a = 1
  let b = 0
  for (let start = 0; start < data.length; start += 3800) {
    for (const byte of data.subarray(start, start + 3800)) {
      a += byte
      b += a
    }
    a %= 65521
    b %= 65521
  }
  return b * 65536 + a
}
