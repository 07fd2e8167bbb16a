import { deflateSync, inflateSync } from 'fflate'
import { DICTIONARY } from './code-dictionary.js'
import { codeLimits, malformed } from './code-marks.js'

const utf8 = new TextEncoder()
const dictionary = utf8.encode(DICTIONARY)

/** Raw DEFLATE (RFC 1951) with the dictionary of NC1. */
export function deflateText(text: string): Uint8Array {
  return deflateSync(utf8.encode(text), { level: 9, mem: 4, dictionary })
}

/**
 * Inflates the text of a code.
 *
 * @throws ProtocolError `gate_code` for what is not exactly one DEFLATE stream of UTF-8, or longer
 *   than 16 KiB.
 */
export function inflateText(bytes: Uint8Array): string {
  const text = inflated(bytes)
  if (text === undefined) throw malformed('its text does not inflate')
  // The library stops at the end of the stream and at the end of the room, and says neither.
  if (text.length > codeLimits.maxTextBytes) throw malformed('its text is too long')
  if (inflated(bytes.subarray(0, -1)) !== undefined) throw malformed('bytes follow its text')
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(text)
  } catch (cause) {
    throw malformed('its text is not UTF-8', cause)
  }
}

/** One byte more than may be, so that too much can be told from just enough. */
function inflated(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes.length === 0) return undefined
  try {
    return inflateSync(bytes, { dictionary, out: new Uint8Array(codeLimits.maxTextBytes + 1) })
  } catch {
    return undefined
  }
}
