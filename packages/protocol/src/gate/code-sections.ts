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

  /** A number, its greatest octet first. */
  takeNumber(length: number): number {
    return this.take(length).reduce((number, octet) => number * 256 + octet, 0)
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
