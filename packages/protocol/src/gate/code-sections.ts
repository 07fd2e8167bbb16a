import { codeLimits, malformed } from './code-marks.js'

/** Octets beside the text of a code, in the order in which the text's marks take them. */
export type Sections = {
  readonly keys: Uint8Array[]
  readonly raws: Uint8Array[]
  readonly signatures: Uint8Array[]
}

/** Takes octets from the front of a section. */
export class OctetReader {
  readonly #octets: Uint8Array
  #at = 0

  constructor(octets: Uint8Array) {
    this.#octets = octets
  }

  get left(): number {
    return this.#octets.length - this.#at
  }

  /** @throws ProtocolError `gate_code` when there are fewer. */
  take(length: number): Uint8Array {
    if (length > this.left) throw malformed('it ends too early')
    this.#at += length
    return this.#octets.subarray(this.#at - length, this.#at)
  }

  /** A number of fixed length, its greatest octet first. */
  takeFixed(length: number): number {
    return this.take(length).reduce((number, octet) => number * 256 + octet, 0)
  }

  /** A number as {@link encodeNumber} writes it. */
  takeNumber(): number {
    let number = 0
    for (let at = 0; at < NUMBER_OCTETS; at += 1) {
      const [octet = 0] = this.take(1)
      number += (octet & 0x7f) * 128 ** at
      if (octet < 0x80) return number
    }
    throw malformed('a number is too long')
  }
}

export function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

const NUMBER_OCTETS = 3
/** The greatest number that {@link encodeNumber} writes. */
export const MAX_NUMBER = 128 ** NUMBER_OCTETS - 1

/** A number in one octet or more: seven bits in each, the least first, the highest bit says "more". */
export function encodeNumber(number: number): Uint8Array {
  const octets = [number % 128]
  for (let left = Math.floor(number / 128); left > 0; left = Math.floor(left / 128)) {
    octets[octets.length - 1] = (octets.at(-1) ?? 0) + 128
    octets.push(left % 128)
  }
  return Uint8Array.from(octets)
}

/** A number in so many octets, its greatest first. */
export function octetsOf(number: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => Math.floor(number / 256 ** (length - 1 - at)) & 255)
}

/** Counts what a code unpacks to, so that a small one cannot become a large text. */
export class OutputBudget {
  #left: number = codeLimits.maxUnpackedCharacters

  /** @throws ProtocolError `gate_code` when it is used up. */
  spend(text: string): string {
    this.#left -= text.length
    if (this.#left < 0) throw malformed('it unpacks to too much')
    return text
  }
}
