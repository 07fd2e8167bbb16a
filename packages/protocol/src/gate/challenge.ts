import { CHALLENGE_PREFIX, codeFlags, packFrame, readCode, readFrame } from './code-frame.js'
import { unpackFrame, writeCode } from './code-frame.js'
import { malformed } from './code-marks.js'

const NOTHING = { audience: null, nonce: null } as const

/**
 * Packs a challenge: a compact request object with its accreditation by value, which is packed too.
 *
 * @returns `NCC1:` and Base45, for a QR code in alphanumeric mode.
 * @throws ProtocolError `gate_code` when it is longer than a QR code holds.
 * @see docs/formats/nc1.md
 */
export function packChallenge(requestObject: string): string {
  const code = writeCode(CHALLENGE_PREFIX, packFrame(requestObject, NOTHING, codeFlags.challenge))
  // What is shown is what was signed, or nothing is shown.
  if (unpackChallenge(code) !== requestObject) throw malformed('it does not come back unchanged')
  return code
}

/**
 * The request object of a challenge, exactly as it was signed. Nothing about it is proven.
 *
 * @throws ProtocolError `gate_code`
 */
export function unpackChallenge(text: string): string {
  const { octets, flags } = readCode(CHALLENGE_PREFIX, text)
  if (flags !== codeFlags.challenge) throw malformed('it is no challenge')
  const frame = readFrame(octets)
  if (frame.disclosures !== 0 || !frame.matches(NOTHING)) throw malformed('it is damaged')
  return unpackFrame(frame, NOTHING)
}
