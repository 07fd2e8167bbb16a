import { createHash } from 'node:crypto'
import { encodeBase45 } from '@netcert/protocol/gate'
import { deflateText } from '../packages/protocol/src/gate/code-deflate.js'

/** A code as a forger would put it together: nothing of it is asked to make sense. */
export type ForgedCode = {
  readonly prefix?: string
  readonly version?: number
  readonly flags?: number
  readonly disclosures?: number
  /** The text with its marks. */
  readonly text: string
  readonly deflated?: Uint8Array
  /** The length that it says its deflated text has. */
  readonly textOctets?: number
  /** KEYS, RAWS and SIGS. */
  readonly octets?: Uint8Array
  readonly audience?: string
  readonly nonce?: string
}

/** Writes a forged code with the right tag: whoever reads it must find what is wrong with the rest. */
export function forgeCode(forged: ForgedCode): string {
  const { prefix = 'NC1:', version = 1, flags = 0, disclosures = 0, audience = '' } = forged
  const { text, octets = new Uint8Array(), nonce = '' } = forged
  const deflated = forged.deflated ?? deflateText(text)
  const length = numberOctets(forged.textOctets ?? deflated.length)
  const head = Buffer.from([version * 16 + flags, disclosures, ...length])
  const body = Buffer.concat([deflated, octets])
  const hashed = Buffer.concat([Buffer.from(`${audience}\n${nonce}\n`), head, body])
  const tag = createHash('sha256').update(hashed).digest().subarray(0, 4)
  return prefix + encodeBase45(Buffer.concat([head, tag, body]))
}

/** Seven bits an octet, the least first. */
function numberOctets(number: number): number[] {
  return number < 128 ? [number] : [(number % 128) + 128, ...numberOctets(Math.floor(number / 128))]
}
