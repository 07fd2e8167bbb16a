import { ProtocolError } from '../errors.js'

/**
 * What stands in the text of a code for octets that do not compress, or that the reader works out.
 * JSON text holds no control character but tab and line ends, so none of these is ever a character
 * of what is packed.
 *
 * @see docs/formats/nc1.md
 */
export const marks = {
  /** The members of a P-256 JWK, `kty` `crv` `x` `y`; KEYS, 33 octets. */
  p256Members: '\u0001',
  /** The members of an Ed25519 JWK; KEYS, 32 octets. */
  ed25519Members: '\u0002',
  /** did:key of a P-256 key; KEYS, 33 octets. */
  p256Did: '\u0003',
  /** did:key of an Ed25519 key; KEYS, 32 octets. */
  ed25519Did: '\u0004',
  /** did:key of a key that came before; an index follows. */
  sameDid: '\u0005',
  /** JWK members of a key that came before; an index follows. */
  sameMembers: '\u0006',
  /** `#` and the multibase value of the did:key right before it. */
  keyFragment: '\u0007',
  /** base64url of 32 octets of RAWS. */
  raw32: '\u0008',
  /** base64url of 16 octets of RAWS. */
  raw16: '\u000b',
  /** base64url of 64 octets of SIGS. */
  signature: '\u000c',
  /** base64url of the UTF-8 of what stands between the two. */
  open: '\u000e',
  close: '\u000f',
  /** Digest of the next disclosure that none of these marks stood for. */
  nextDigest: '\u0010',
  /** Digest of a disclosure; an index follows. */
  digestOf: '\u0011',
  /** Digest of everything up to the last tilde. */
  sdHash: '\u0012',
  /** What the gate knows. */
  audience: '\u0013',
  nonce: '\u0014',
  /** base64 with padding of 32 octets of RAWS. */
  base64Of32: '\u0015',
  /** base64url of as many octets of RAWS as the number before them says. */
  rawOfLength: '\u0016',
  /** The same in base64 with padding. */
  base64OfLength: '\u0017',
  /** Ten digits: 3600 times the number in 3 octets of RAWS. */
  hours: '\u0018',
  /** Ten digits: the number in 4 octets of RAWS. */
  seconds: '\u0019',
  /** The members of a P-256 JWK in the order of Node, `kty` `x` `y` `crv`; KEYS, 33 octets. */
  p256NodeMembers: '\u001a',
  /** The same of a key that came before; an index follows. */
  sameNodeMembers: '\u001b',
  /** Ten digits: a number of RAWS counts the hours after the time that came last. */
  hoursLater: '\u001d',
  /** base64url of 33 octets of RAWS: a point that is no key. */
  raw33: '\u001c',
} as const

// JSON may have tab and line ends between its tokens; they are no marks.
const LINE_CHARACTERS = '\t\n\r'

/** Whether a character is a mark, or one that no text of a code may have. */
export function isMark(character: string): boolean {
  return character < ' ' && !LINE_CHARACTERS.includes(character)
}

/** An index is one character, counted from this one. */
const FIRST_INDEX = 0x30
/** Keys and disclosures that an index reaches. */
export const MAX_INDEX = 63

export function encodeIndex(index: number): string {
  return String.fromCharCode(FIRST_INDEX + index)
}

/** @throws ProtocolError `gate_code` */
export function decodeIndex(text: string, at: number): number {
  const index = text.charCodeAt(at) - FIRST_INDEX
  if (index >= 0 && index <= MAX_INDEX) return index
  throw malformed('an index is out of its range')
}

/** Bounds of a code and of what it unpacks to. */
export const codeLimits = {
  /** What a QR code of version 40-L holds in alphanumeric mode. */
  maxCharacters: 4296,
  maxTextBytes: 16 * 1024,
  maxUnpackedCharacters: 64 * 1024,
  /** A JWT in the payload of a JWT is at depth 2. */
  maxDepth: 4,
  maxKeys: 16,
  maxDisclosures: MAX_INDEX + 1,
  /** Disclosures in disclosures in disclosures. */
  maxDigestDepth: 16,
  /** Nonces and keys of a gate that are tried. */
  maxTried: 16,
} as const

/** The refusal of what is no code of ours. */
export function malformed(problem: string, cause?: unknown): ProtocolError {
  const text = `The code cannot be read: ${problem}. Scan it anew, or have it made anew.`
  return new ProtocolError('gate_code', text, { cause })
}
