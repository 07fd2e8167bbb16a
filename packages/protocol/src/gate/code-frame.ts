import { hash } from '@netcert/credential/crypto'
import { decodeBase45, encodeBase45 } from './base45.js'
import { deflateText, inflateText } from './code-deflate.js'
import { codeLimits, malformed } from './code-marks.js'
import { readCodeText } from './code-reading.js'
import { renderCode } from './code-rendering.js'
import { concatenate, encodeNumber, MAX_NUMBER, OctetReader } from './code-sections.js'
import { type LeftOut, writeCodeText } from './code-writing.js'

/** What a challenge begins with: a request object that a gate shows. */
export const CHALLENGE_PREFIX = 'NCC1:'
/** What an answer begins with: a presentation, in clear or encrypted. */
export const ANSWER_PREFIX = 'NC1:'

const VERSION = 0x10

/** The lower half of the first octet. */
export const codeFlags = {
  audienceLeftOut: 1,
  nonceLeftOut: 2,
  encrypted: 4,
  /** With `encrypted`: by A256GCM. */
  longKey: 1,
  challenge: 8,
} as const

const TAG_OCTETS = 4
const utf8 = new TextEncoder()

/** Octets as the text of a QR code in alphanumeric mode. @throws ProtocolError `gate_code` */
export function writeCode(prefix: string, octets: Uint8Array): string {
  const text = prefix + encodeBase45(octets)
  if (text.length <= codeLimits.maxCharacters) return text
  throw malformed('it is longer than a QR code holds')
}

/** The octets of a code and their flags. @throws ProtocolError `gate_code` */
export function readCode(
  prefix: string,
  text: string,
): { readonly octets: Uint8Array; readonly flags: number } {
  if (!text.startsWith(prefix)) throw malformed(`it does not begin with ${prefix}`)
  if (text.length > codeLimits.maxCharacters) throw malformed('it is longer than a QR code holds')
  const octets = decodeBase45(text.slice(prefix.length))
  return { octets, flags: flagsOf(octets) }
}

/** @throws ProtocolError `gate_code` for another version. */
export function flagsOf([first = 0]: Uint8Array): number {
  if (first - (first % 16) !== VERSION) throw malformed('it is of another version')
  return first % 16
}

/** Packs a text, without what is left out. @throws ProtocolError `gate_code` */
export function packFrame(text: string, leftOut: LeftOut, flags: number): Uint8Array {
  const written = writeCodeText(text, leftOut)
  const deflated = deflateText(written.text)
  if (written.disclosures > codeLimits.maxDisclosures || deflated.length > MAX_NUMBER) {
    throw malformed('it says more than a code holds')
  }
  const head = Uint8Array.of(VERSION + flags, written.disclosures, ...encodeNumber(deflated.length))
  const { keys, raws, signatures } = written
  const body = concatenate([deflated, ...keys, ...raws, ...signatures])
  return concatenate([head, tagOf(head, body, leftOut), body])
}

/** The parts of a packed text, nothing of it unpacked. */
export type Frame = {
  readonly flags: number
  readonly disclosures: number
  readonly deflated: Uint8Array
  /** KEYS, RAWS and SIGS. */
  readonly octets: Uint8Array
  /** Whether this is what was left out when it was packed, and every octet is as it was. */
  matches(leftOut: LeftOut): boolean
}

/** @throws ProtocolError `gate_code` */
export function readFrame(octets: Uint8Array): Frame {
  const reader = new OctetReader(octets)
  const [first = 0, disclosures = 0] = reader.take(2)
  const textOctets = reader.takeNumber()
  const head = octets.subarray(0, octets.length - reader.left)
  const tag = reader.take(TAG_OCTETS)
  const body = reader.take(reader.left)
  if (textOctets > body.length) throw malformed('it ends too early')
  return {
    flags: flagsOf(Uint8Array.of(first)),
    disclosures,
    deflated: body.subarray(0, textOctets),
    octets: body.subarray(textOctets),
    matches: (leftOut) => {
      const expected = tagOf(head, body, leftOut)
      return expected.every((octet, at) => octet === tag[at])
    },
  }
}

/**
 * The text of a frame whose tag matched, exactly as it was packed.
 *
 * @throws ProtocolError `gate_code`
 */
export function unpackFrame(frame: Frame, known: LeftOut): string {
  const { audience, nonce } = known
  const parts = readCodeText(inflateText(frame.deflated), { octets: frame.octets, audience, nonce })
  const isChallenge = (frame.flags & codeFlags.challenge) !== 0
  const expected = isChallenge ? 1 : frame.disclosures + 2
  if (parts.length !== expected) throw malformed('it has other disclosures than it says')
  return renderCode(parts)
}

/** Four octets that hang on what is left out and on every octet that is not. */
function tagOf(head: Uint8Array, body: Uint8Array, { audience, nonce }: LeftOut): Uint8Array {
  const told = utf8.encode(`${audience ?? ''}\n${nonce ?? ''}\n`)
  return hash('sha-256', concatenate([told, head, body])).subarray(0, TAG_OCTETS)
}
