import { DER_TAG } from './der.js'

/** An element of DER around its content. */
export function derOf(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const bytes = Buffer.concat(content)
  return Buffer.concat([identifier(tag), lengthOctets(bytes.length), bytes])
}

/** A SEQUENCE of elements. */
export function derSequence(...elements: readonly Uint8Array[]): Uint8Array {
  return derOf(DER_TAG.sequence, ...elements)
}

/** A SET OF elements, in the order DER asks for. */
export function derSet(...elements: readonly Uint8Array[]): Uint8Array {
  return derOf(DER_TAG.set, ...[...elements].sort((a, b) => Buffer.compare(a, b)))
}

/** A number that fits into 31 bits. */
export function derInteger(value: number): Uint8Array {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return derUnsigned(bytes)
}

/** A whole number, big-endian and never negative. */
export function derUnsigned(value: Uint8Array): Uint8Array {
  const first = value.findIndex((byte) => byte !== 0)
  const digits = first < 0 ? Uint8Array.of(0) : value.subarray(first)
  const sign = (digits[0] ?? 0) >= 0x80 ? Uint8Array.of(0) : Uint8Array.of()
  return derOf(DER_TAG.integer, sign, digits)
}

/** An OBJECT IDENTIFIER written with dots. */
export function derObjectIdentifier(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const arcs = [first * 40 + second, ...rest]
  return derOf(DER_TAG.objectIdentifier, Uint8Array.from(arcs.flatMap(base128)))
}

/** An OCTET STRING. */
export function derOctets(bytes: Uint8Array): Uint8Array {
  return derOf(DER_TAG.octetString, bytes)
}

/** A BIT STRING of whole bytes. */
export function derBits(bytes: Uint8Array, unused = 0): Uint8Array {
  return derOf(DER_TAG.bitString, Uint8Array.of(unused), bytes)
}

/** NULL. */
export function derNull(): Uint8Array {
  return derOf(DER_TAG.null)
}

/** A string of a type whose bytes are UTF-8 or ASCII. */
export function derText(
  tag: typeof DER_TAG.utf8String | typeof DER_TAG.printableString,
  text: string,
): Uint8Array {
  return derOf(tag, Buffer.from(text, 'utf8'))
}

/** A UTCTime, for the years 1950 to 2049. */
export function derUtcTime(instant: Date): Uint8Array {
  const digits = instant.toISOString().replaceAll(/[-:T]|\.\d+/g, '')
  return derOf(DER_TAG.utcTime, Buffer.from(digits.slice(2), 'ascii'))
}

function identifier(tag: number): Uint8Array {
  return tag > 0xff ? Uint8Array.of(tag >> 8, tag & 0xff) : Uint8Array.of(tag)
}

function lengthOctets(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length)
  const bytes: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  return Uint8Array.of(0x80 + bytes.length, ...bytes)
}

function base128(arc: number): number[] {
  const digits = [arc % 128]
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) {
    digits.unshift((rest % 128) + 128)
  }
  return digits
}
