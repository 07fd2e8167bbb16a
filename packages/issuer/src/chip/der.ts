import { IssuerError } from '../issuer-error.js'

/** One element of DER, as a view of the bytes it was read from. */
export type DerElement = {
  /** The identifier octets as a number: `0x30`, `0x77`, `0x5f1f`. */
  readonly tag: number
  readonly content: Uint8Array
  /** Identifier, length and content. */
  readonly whole: Uint8Array
}

/** Tags by the names ASN.1 gives them. */
export const DER_TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  utcTime: 0x17,
  sequence: 0x30,
  set: 0x31,
  context0: 0xa0,
  context1: 0xa1,
  context2: 0xa2,
  context3: 0xa3,
} as const

/** How deep and how wide DER may be before anything else reads it. */
const MAXIMUM_DEPTH = 24
const MAXIMUM_ELEMENTS = 4000

/**
 * The one element that `bytes` consist of: definite, shortest lengths, nothing behind it. What is
 * inside is not looked at.
 *
 * @throws IssuerError `chip_malformed`
 */
export function readDerElement(bytes: Uint8Array): DerElement {
  const element = elementAt(bytes, 0)
  if (element.whole.length !== bytes.length) throw malformed('bytes follow an element')
  return element
}

/**
 * The elements that a content consists of, in order.
 *
 * @throws IssuerError `chip_malformed`, also for more than `maximum`
 */
export function readDerElements(content: Uint8Array, maximum = 64): DerElement[] {
  const elements: DerElement[] = []
  for (let offset = 0; offset < content.length; ) {
    if (elements.length === maximum) throw malformed('there are too many elements')
    const element = elementAt(content, offset)
    elements.push(element)
    offset += element.whole.length
  }
  return elements
}

/**
 * Walks all of an element, without recursion, and returns it when it is DER to the last byte and
 * neither deeper nor wider than any document or certificate is.
 *
 * @throws IssuerError `chip_malformed`
 * @see ITU-T X.690 §10 and §11
 */
export function parseDer(bytes: Uint8Array): DerElement {
  const root = readDerElement(bytes)
  let waiting = [{ element: root, depth: 1 }]
  let count = 0
  while (waiting.length > 0) {
    const below: typeof waiting = []
    for (const { element, depth } of waiting) {
      count += 1
      if (count > MAXIMUM_ELEMENTS) throw malformed('there are too many elements')
      if (depth > MAXIMUM_DEPTH) throw malformed('it is nested too deeply')
      checkForm(element)
      if (!isConstructed(element.tag)) continue
      const children = readDerElements(element.content, MAXIMUM_ELEMENTS)
      for (const child of children) below.push({ element: child, depth: depth + 1 })
    }
    waiting = below
  }
  return root
}

/** A refusal of bytes that are no DER, or not the DER that belongs there. */
export function malformed(what: string, cause?: unknown): IssuerError {
  return new IssuerError(
    'chip_malformed',
    `What was read from the document is damaged or no document: ${what}. Read the chip again.`,
    cause === undefined ? {} : { cause },
  )
}

function elementAt(bytes: Uint8Array, offset: number): DerElement {
  const [tag, afterTag] = tagAt(bytes, offset)
  const [length, start] = lengthAt(bytes, afterTag)
  const end = start + length
  if (end > bytes.length) throw malformed('an element is cut off')
  return { tag, content: bytes.subarray(start, end), whole: bytes.subarray(offset, end) }
}

function tagAt(bytes: Uint8Array, offset: number): [tag: number, next: number] {
  const first = byteAt(bytes, offset)
  if ((first & 0x1f) !== 0x1f) return [first, offset + 1]
  const second = byteAt(bytes, offset + 1)
  if (second < 0x1f || second > 0x7f) throw malformed('a tag is not written the shortest way')
  return [first * 256 + second, offset + 2]
}

/** Lengths to 16 MiB: nothing that is read here is longer. */
function lengthAt(bytes: Uint8Array, offset: number): [length: number, next: number] {
  const first = byteAt(bytes, offset)
  if (first < 0x80) return [first, offset + 1]
  const octets = first - 0x80
  if (octets === 0) throw malformed('a length is indefinite')
  if (octets > 3) throw malformed('a length is too large')
  let length = 0
  for (let at = 1; at <= octets; at += 1) length = length * 256 + byteAt(bytes, offset + at)
  const shortest = octets === 1 ? 0x80 : 256 ** (octets - 1)
  if (length < shortest) throw malformed('a length is not written the shortest way')
  return [length, offset + 1 + octets]
}

function byteAt(bytes: Uint8Array, offset: number): number {
  const byte = bytes[offset]
  if (byte === undefined) throw malformed('an element is cut off')
  return byte
}

const isConstructed = (tag: number) => ((tag > 0xff ? tag >> 8 : tag) & 0x20) !== 0

/** What X.690 §11 fixes for the types that certificates and signed messages are made of. */
function checkForm({ tag, content }: DerElement): void {
  // Of the universal types only SEQUENCE and SET have parts: no string in pieces.
  if (tag < 0x40 && isConstructed(tag) !== (tag === DER_TAG.sequence || tag === DER_TAG.set)) {
    throw malformed('an element is in pieces')
  }
  // Of the others only [0] to [8] stand in certificates and messages, and the library that reads
  // them takes a SEQUENCE under any other tag for one.
  if (tag >= 0x40 && ((tag & 0xc0) !== 0x80 || (tag & 0x1f) > 8)) {
    throw malformed('an element has a tag of its own')
  }
  const wellFormed = forms.get(tag)
  if (wellFormed !== undefined && !wellFormed(content)) {
    throw malformed('an element is not in distinguished form')
  }
}

const forms: ReadonlyMap<number, (content: Uint8Array) => boolean> = new Map([
  [DER_TAG.boolean, ([value, ...more]) => more.length === 0 && (value === 0 || value === 0xff)],
  [DER_TAG.integer, isShortestInteger],
  [0x0a, isShortestInteger],
  [DER_TAG.bitString, hasCleanEnd],
  [DER_TAG.null, (content) => content.length === 0],
  [DER_TAG.objectIdentifier, isObjectIdentifier],
  [0x10, () => false],
  [0x11, () => false],
])

function isShortestInteger(content: Uint8Array): boolean {
  const [first, second] = content
  if (first === undefined) return false
  if (second === undefined) return true
  return !(first === 0 && second < 0x80) && !(first === 0xff && second >= 0x80)
}

/** Bits that are not used are zero. */
function hasCleanEnd(content: Uint8Array): boolean {
  const unused = content[0]
  if (unused === undefined || unused > 7) return false
  if (content.length === 1) return unused === 0
  return ((content.at(-1) ?? 0) & (2 ** unused - 1)) === 0
}

function isObjectIdentifier(content: Uint8Array): boolean {
  if (content.length === 0 || content.length > 32 || (content.at(-1) ?? 0x80) >= 0x80) return false
  return content.every((byte, at) => byte !== 0x80 || (at > 0 && (content[at - 1] ?? 0) >= 0x80))
}
