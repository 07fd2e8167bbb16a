import {
  CredentialError,
  decodeBase58,
  decodeBase64Url,
  encodeBase58,
  encodeBase64Url,
} from '@netcert/credential'
import { decompressP256 } from '@netcert/credential/crypto'
import { malformed } from './code-marks.js'

/** A public key as a code carries it: 33 octets of a compressed P-256 point, or 32 of Ed25519. */
export type CodeKey = { readonly curve: 'P-256' | 'Ed25519'; readonly octets: Uint8Array }

export const KEY_OCTETS = { 'P-256': 33, Ed25519: 32 } as const

// Multicodec: the codes of the two as unsigned varints.
const CODECS = { 'P-256': [0x80, 0x24], Ed25519: [0xed, 0x01] } as const

/** The multibase value of a did:key. */
export function multibaseOf({ curve, octets }: CodeKey): string {
  return `z${encodeBase58(Uint8Array.of(...CODECS[curve], ...octets))}`
}

/** The key of a multibase value, or undefined where it is no key that {@link multibaseOf} names so. */
export function keyOfMultibase(text: string): CodeKey | undefined {
  const bytes = decodeBase58(text.slice(1))
  for (const curve of ['P-256', 'Ed25519'] as const) {
    const octets = bytes.subarray(2)
    const isCodec = CODECS[curve].every((octet, at) => bytes[at] === octet)
    if (isCodec && octets.length === KEY_OCTETS[curve]) return { curve, octets }
  }
  return undefined
}

/** How the members of a JWK stand in its text: as we write them, or as Node exports them. */
export type MemberOrder = 'ours' | 'node'

/**
 * The members of a public JWK, without the braces. An Ed25519 key has one order.
 *
 * @throws ProtocolError `gate_code` for what is no compressed point.
 */
export function membersOf({ curve, octets }: CodeKey, order: MemberOrder): string {
  if (curve === 'Ed25519') return `"kty":"OKP","crv":"Ed25519","x":"${encodeBase64Url(octets)}"`
  const { x, y } = coordinatesOf(octets)
  return order === 'ours'
    ? `"kty":"EC","crv":"P-256","x":"${x}","y":"${y}"`
    : `"kty":"EC","x":"${x}","y":"${y}","crv":"P-256"`
}

/**
 * The coordinates of a compressed point in base64url.
 *
 * @throws ProtocolError `gate_code` for what is no compressed point.
 */
export function coordinatesOf(octets: Uint8Array): { readonly x: string; readonly y: string } {
  const [sign] = octets
  const x = octets.slice(1)
  const y = sign === 2 || sign === 3 ? decompressP256(x, sign === 3) : undefined
  if (y === undefined) throw malformed('a key is no point of P-256')
  return { x: encodeBase64Url(x), y: encodeBase64Url(y) }
}

/** The compressed point of two coordinates in base64url, or undefined when they are none of P-256. */
export function compressedPoint(x: string, y: string): Uint8Array | undefined {
  const [xOctets, yOctets] = [octetsOfText(x), octetsOfText(y)]
  if (xOctets?.length !== 32 || yOctets?.length !== 32) return undefined
  const odd = ((yOctets[31] ?? 0) & 1) === 1
  const found = decompressP256(xOctets, odd)
  if (found?.every((octet, at) => octet === yOctets[at]) !== true) return undefined
  return Uint8Array.of(odd ? 3 : 2, ...xOctets)
}

/** The octets of canonical base64url, or undefined. */
export function octetsOfText(text: string): Uint8Array | undefined {
  try {
    return decodeBase64Url(text)
  } catch (error) {
    if (error instanceof CredentialError) return undefined
    throw error
  }
}

/** base64 with padding (RFC 4648 §4). */
export function encodeBase64(octets: Uint8Array): string {
  const text = encodeBase64Url(octets).replaceAll('-', '+').replaceAll('_', '/')
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=')
}

/** The octets of canonical base64 with padding, or undefined. */
export function octetsOfBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || /[-_]/.test(text)) return undefined
  return octetsOfText(
    text
      .replace(/={1,2}$/, '')
      .replaceAll('+', '-')
      .replaceAll('/', '_'),
  )
}
