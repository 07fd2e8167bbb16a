import { encodeBase64Url, encodeTextBase64Url } from '@netcert/credential'
import { decodeBase64Url } from '@netcert/credential'
import { CompactEncrypt, compactDecrypt, type CryptoKey, type JWK } from 'jose'
import { ProtocolError } from '../errors.js'
import {
  chooseContentEncryption,
  type ContentEncryption,
  ENCRYPTION_ALGORITHM,
  type EncryptionPrivateJwk,
  encryptionJwkSchema,
} from '../message-encryption.js'
import type { AnswerEncryption } from '../vp-response.js'
import { codeFlags, flagsOf } from './code-frame.js'
import { compressedPoint, coordinatesOf } from './code-keys.js'
import { codeLimits, malformed } from './code-marks.js'
import { concatenate, OctetReader } from './code-sections.js'

/** A gate's private key: as JWK, or as a key that never leaves the browser. */
export type GateDecryptionKey = EncryptionPrivateJwk | CryptoKey

const FIRST_OCTET = 0x10 + codeFlags.encrypted
const [POINT, IV, TAG] = [33, 12, 16]

/**
 * Encrypts a packed answer to a gate: ECDH-ES without key wrapping, one JWE whose parts stand one
 * after the other instead of in base64url.
 *
 * @throws ProtocolError `encryption_parameters`
 * @see RFC 7518 §4.6, docs/formats/nc1.md
 */
export async function encryptCode(
  packed: Uint8Array,
  { recipient, enc: offered }: AnswerEncryption,
): Promise<Uint8Array> {
  const enc = chooseContentEncryption([offered])
  const jwe = await encryptTo(recipient, enc, packed)
  const [header = '', , iv = '', ciphertext = '', tag = ''] = jwe.split('.')
  const point = ephemeralPoint(header)
  // The reader rebuilds the header from the point alone, and what was signed over is its text.
  if (point === undefined || headerOf(point, enc) !== header) {
    throw new TypeError('the header of the JWE is not of the form that codes rebuild')
  }
  const first = FIRST_OCTET + (enc === 'A256GCM' ? codeFlags.longKey : 0)
  const parts = [iv, tag, ciphertext].map((part) => decodeBase64Url(part))
  return concatenate([Uint8Array.of(first), point, ...parts])
}

/**
 * Opens an encrypted code with one of the gate's keys.
 *
 * @throws ProtocolError `gate_code`, `gate_code_encrypted`
 */
export async function decryptCode(
  octets: Uint8Array,
  keys: readonly GateDecryptionKey[],
): Promise<Uint8Array> {
  const enc = encOf(flagsOf(octets))
  const reader = new OctetReader(octets.subarray(1))
  const header = headerOf(reader.take(POINT), enc)
  const [iv, tag] = [reader.take(IV), reader.take(TAG)].map((part) => encodeBase64Url(part))
  const jwe = `${header}..${iv}.${encodeBase64Url(reader.take(reader.left))}.${tag}`
  for (const key of keys.slice(0, codeLimits.maxTried)) {
    const opened = await openedBy(key, jwe)
    if (opened !== undefined) return opened
  }
  throw new ProtocolError(
    'gate_code_encrypted',
    'The code is encrypted to no key of this gate; scan the challenge on its screen and answer it.',
  )
}

function encOf(flags: number): ContentEncryption {
  if (flags === codeFlags.encrypted) return 'A128GCM'
  if (flags === codeFlags.encrypted + codeFlags.longKey) return 'A256GCM'
  throw malformed('its flags contradict one another')
}

async function encryptTo(
  recipient: AnswerEncryption['recipient'],
  enc: ContentEncryption,
  packed: Uint8Array,
): Promise<string> {
  const parsed = encryptionJwkSchema.safeParse(recipient)
  if (!parsed.success) throw unusable()
  const { kty, crv, x, y, alg } = parsed.data
  try {
    return await new CompactEncrypt(packed)
      .setProtectedHeader({ alg: ENCRYPTION_ALGORITHM, enc })
      .encrypt({ kty, crv, x, y, alg } satisfies JWK)
  } catch (cause) {
    throw unusable(cause)
  }
}

async function openedBy(key: GateDecryptionKey, jwe: string): Promise<Uint8Array | undefined> {
  try {
    const { plaintext } = await compactDecrypt(jwe, 'kty' in key ? plainJwk(key) : key, {
      keyManagementAlgorithms: [ENCRYPTION_ALGORITHM],
      contentEncryptionAlgorithms: ['A128GCM', 'A256GCM'],
    })
    return plaintext
  } catch {
    return undefined
  }
}

function plainJwk({ kty, crv, x, y, d, alg }: EncryptionPrivateJwk): JWK {
  return { kty, crv, x, y, d, alg }
}

/** The protected header in the one spelling that codes have. */
function headerOf(point: Uint8Array, enc: ContentEncryption): string {
  const { x, y } = coordinatesOf(point)
  const epk = { x, crv: 'P-256', kty: 'EC', y }
  return encodeTextBase64Url(JSON.stringify({ alg: ENCRYPTION_ALGORITHM, enc, epk }))
}

function ephemeralPoint(header: string): Uint8Array | undefined {
  const text = new TextDecoder().decode(decodeBase64Url(header))
  const x = /"x":"([\w-]{43})"/.exec(text)?.[1] ?? ''
  const y = /"y":"([\w-]{43})"/.exec(text)?.[1] ?? ''
  return compressedPoint(x, y)
}

function unusable(cause?: unknown): ProtocolError {
  return new ProtocolError(
    'encryption_parameters',
    'The answer cannot be encrypted: the key of the challenge is no P-256 key for ECDH-ES.',
    { cause },
  )
}
