import { createHash } from 'node:crypto'
import { decodeBase45, encodeBase45 } from '@netcert/protocol/gate'
import fc from 'fast-check'

const SYMBOLS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'

/** One way to damage a code: at a place between 0 and 1 of it, with a value between 0 and 1. */
export type Damage = { readonly kind: number; readonly place: number; readonly value: number }

// Without a bias to the ends, where a change is soon found.
const fraction = fc.noBias(fc.nat(999_999)).map((part) => part / 1_000_000)
const damage = fc.record({ kind: fc.noBias(fc.nat(11)), place: fraction, value: fraction })

/** Up to three damages at once. */
export const damages: fc.Arbitrary<readonly Damage[]> = fc.array(damage, {
  minLength: 1,
  maxLength: 3,
})

/** The code with its damages; `others` lend it pieces. */
export function mutate(
  code: string,
  damaged: readonly Damage[],
  others: readonly string[],
): string {
  const prefix = code.slice(0, code.indexOf(':') + 1)
  let text = code.slice(prefix.length)
  for (const one of damaged) text = damageOnce(text, one, others)
  return prefix + text
}

function damageOnce(text: string, { kind, place, value }: Damage, others: readonly string[]) {
  const at = Math.floor(place * text.length)
  const symbol = SYMBOLS.charAt(Math.floor(value * SYMBOLS.length))
  const lent = others[Math.floor(value * others.length)] ?? ''
  switch (kind) {
    case 0:
      return text.slice(0, at) + symbol + text.slice(at + 1)
    case 1:
      return text.slice(0, at) + symbol + text.slice(at)
    case 2:
      return text.slice(0, at) + text.slice(at + 1)
    case 3:
      return text.slice(0, at)
    case 4:
      return text.slice(0, at) + lent.slice(lent.indexOf(':') + 1).slice(at)
    case 5:
      return text.slice(0, at) + text.slice(at + Math.floor(value * 30))
    default:
      return flipped(text, place, value)
  }
}

/** One bit of the octets, which is one group of characters. */
function flipped(text: string, place: number, value: number): string {
  const octets = octetsOf(text)
  if (octets === undefined) return text.slice(1)
  const at = Math.floor(place * octets.length)
  octets[at] = (octets[at] ?? 0) ^ (1 << Math.floor(value * 8))
  return encodeBase45(octets)
}

/** The same code with the tag that fits what it says now, as somebody who knows the format writes it. */
export function withFittingTag(code: string, audience: string, nonce: string): string {
  const prefix = code.slice(0, code.indexOf(':') + 1)
  const octets = octetsOf(code.slice(prefix.length))
  if (octets === undefined) return code
  const length = 3 + (octets.subarray(2, 4).findIndex((octet) => octet < 128) === 1 ? 1 : 0)
  const [head, body] = [octets.subarray(0, length), octets.subarray(length + 4)]
  const flags = (octets[0] ?? 0) & 3
  const told = `${flags & 1 ? audience : ''}\n${flags & 2 ? nonce : ''}\n`
  const tag = createHash('sha256').update(told).update(head).update(body).digest().subarray(0, 4)
  return prefix + encodeBase45(Buffer.concat([head, tag, body]))
}

function octetsOf(text: string): Uint8Array | undefined {
  try {
    return decodeBase45(text)
  } catch {
    return undefined
  }
}
