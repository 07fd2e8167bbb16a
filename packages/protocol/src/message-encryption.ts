import {
  decodeTextBase64Url,
  type JsonObject,
  memberOf,
  parseJsonObject,
} from '@netcert/credential'
import type { JWK } from 'jose'
import { z } from 'zod'
import { ProtocolError } from './errors.js'
import { messageLimits, parseMessage } from './wire-text.js'

/** What messages are encrypted with; HAIP 1.0 §5 asks for both sizes. */
export const ENCRYPTION_ALGORITHM = 'ECDH-ES'
export const CONTENT_ENCRYPTIONS = ['A128GCM', 'A256GCM'] as const
export type ContentEncryption = (typeof CONTENT_ENCRYPTIONS)[number]

const coordinate = z.string().regex(/^[\w-]{43}$/)

/** A public key that messages to its owner are encrypted with: P-256, with `alg` (§10). */
export const encryptionJwkSchema = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: coordinate,
  y: coordinate,
  alg: z.literal(ENCRYPTION_ALGORITHM),
  kid: z.string().min(1).max(messageLimits.maxTokenLength).optional(),
  use: z.literal('enc').optional(),
  // A private key that somebody sends is compromised; it is refused, not used.
  d: z.undefined().optional(),
})
export type EncryptionJwk = Omit<z.infer<typeof encryptionJwkSchema>, 'd'>
export type EncryptionPrivateJwk = EncryptionJwk & { readonly d: string; readonly kid: string }

/** Whether a text looks like an encrypted message: five parts. */
export function isEncryptedMessage(text: string): boolean {
  return /^[\w-]+\.[\w-]*\.[\w-]+\.[\w-]*\.[\w-]+$/.test(text)
}

/** A fresh key pair for messages to us, named by `kid`. */
export async function createEncryptionKey(kid: string): Promise<EncryptionPrivateJwk> {
  const { exportJWK, generateKeyPair } = await import('jose')
  const { privateKey } = await generateKeyPair(ENCRYPTION_ALGORITHM, {
    crv: 'P-256',
    extractable: true,
  })
  const { x = '', y = '', d = '' } = await exportJWK(privateKey)
  return { kty: 'EC', crv: 'P-256', x, y, d, alg: ENCRYPTION_ALGORITHM, use: 'enc', kid }
}

/** The half of a key that may be published. */
export function publicEncryptionJwk({
  d: _private,
  ...jwk
}: EncryptionPrivateJwk): EncryptionJwk & {
  readonly kid: string
} {
  return jwk
}

/**
 * The first key of a set that we can encrypt to; keys of other kinds are passed over.
 *
 * @throws ProtocolError `encryption_parameters` when there is none.
 */
export function chooseEncryptionKey(keys: readonly unknown[]): EncryptionJwk {
  for (const key of keys) {
    const parsed = encryptionJwkSchema.safeParse(key)
    if (parsed.success) return parsed.data
  }
  throw unsupported('none of the keys is a P-256 key for ECDH-ES')
}

/**
 * The content encryption to use: one of ours that the other side offers, in our order.
 *
 * @throws ProtocolError `encryption_parameters`
 */
export function chooseContentEncryption(offered: readonly string[]): ContentEncryption {
  const chosen = CONTENT_ENCRYPTIONS.find((enc) => offered.includes(enc))
  if (chosen === undefined) throw unsupported('neither A128GCM nor A256GCM is offered')
  return chosen
}

export type EncryptMessageOptions = {
  readonly payload: object
  readonly recipient: EncryptionJwk
  readonly enc: string
  /** Compress first: only where the recipient announced it. */
  readonly zip?: string | undefined
}

/**
 * Encrypts a JSON message to one key; gives a compact JWE whose `alg` and `kid` are the key's.
 *
 * @throws ProtocolError `encryption_parameters`
 * @see OpenID4VCI 1.0 §10, OpenID4VP 1.0 §8.3, RFC 7516
 */
export async function encryptMessage(options: EncryptMessageOptions): Promise<string> {
  const { payload, recipient, zip } = options
  const enc = chooseContentEncryption([options.enc])
  if (zip !== undefined && zip !== 'DEF') throw unsupported('a message is compressed by DEF only')
  const key = encryptionJwkSchema.safeParse(recipient)
  if (!key.success) throw unsupported('the key is no P-256 key for ECDH-ES')
  const { kty, crv, x, y, alg, kid } = key.data
  const header = {
    alg,
    enc,
    ...(kid === undefined ? {} : { kid }),
    ...(zip === undefined ? {} : { zip }),
  }
  const plaintext = new TextEncoder().encode(JSON.stringify(payload))
  // Comes with the first message that is encrypted: a page that has none does without its code.
  const { CompactEncrypt } = await import('jose')
  try {
    return await new CompactEncrypt(plaintext)
      .setProtectedHeader(header)
      .encrypt({ kty, crv, x, y, alg } satisfies JWK)
  } catch (cause) {
    throw unsupported('the key is not a point of P-256', cause)
  }
}

export type DecryptMessageOptions = {
  /** Our keys; the message names one by `kid`, or there is only one. */
  readonly keys: readonly EncryptionPrivateJwk[]
  readonly maxBytes: number
  readonly maxPlaintextBytes: number
  readonly allowCompression: boolean
  readonly maxKeys?: number
}

export type DecryptedMessage = {
  readonly payload: JsonObject
  /** `kid` of the key it came under. */
  readonly kid: string
  readonly enc: ContentEncryption
}

/**
 * Opens an encrypted message. Sizes are bounded before and while inflating.
 *
 * @throws ProtocolError `message_too_large`; `encryption_parameters` for an algorithm, a key or a
 *   compression that was not offered; `encrypted_message_malformed` for anything that does not
 *   open; `message_malformed` for what is inside.
 */
export async function decryptMessage(
  jwe: string,
  options: DecryptMessageOptions,
): Promise<DecryptedMessage> {
  if (jwe.length > options.maxBytes) {
    throw new ProtocolError(
      'message_too_large',
      `An encrypted message has at most ${options.maxBytes} bytes; send less.`,
    )
  }
  if (!isEncryptedMessage(jwe)) throw undecryptable('it is no compact JWE')
  const header = readProtectedHeader(jwe)
  const { key, enc } = checkHeader(header, options)
  const plaintext = await openJwe(jwe, key, options.maxPlaintextBytes)
  const bounds = {
    maxBytes: options.maxPlaintextBytes,
    ...(options.maxKeys === undefined ? {} : { maxKeys: options.maxKeys }),
  }
  return { payload: parseMessage(plaintext, bounds), kid: key.kid, enc }
}

function readProtectedHeader(jwe: string): JsonObject {
  const encoded = jwe.slice(0, jwe.indexOf('.'))
  try {
    return parseJsonObject(decodeTextBase64Url(encoded), { maxDepth: 8 })
  } catch (cause) {
    throw undecryptable('its header is no JSON object', cause)
  }
}

function checkHeader(
  header: JsonObject,
  { keys, allowCompression }: DecryptMessageOptions,
): { readonly key: EncryptionPrivateJwk; readonly enc: ContentEncryption } {
  if (header['alg'] !== ENCRYPTION_ALGORITHM) throw unsupported('the alg is not ECDH-ES')
  const enc = CONTENT_ENCRYPTIONS.find((name) => name === header['enc'])
  if (enc === undefined) throw unsupported('the enc was not offered')
  const zip = memberOf(header, 'zip')
  if (zip !== undefined && (zip !== 'DEF' || !allowCompression)) {
    throw unsupported('the zip was not offered')
  }
  if (memberOf(header, 'crit') !== undefined) throw unsupported('crit demands an extension')
  const kid = memberOf(header, 'kid')
  const key = kid === undefined && keys.length === 1 ? keys[0] : keys.find((it) => it.kid === kid)
  if (key === undefined) throw unsupported('the kid names no key of ours')
  return { key, enc }
}

async function openJwe(
  jwe: string,
  key: EncryptionPrivateJwk,
  maxDecompressedLength: number,
): Promise<string> {
  const { kty, crv, x, y, d, alg } = key
  const { compactDecrypt } = await import('jose')
  try {
    const { plaintext } = await compactDecrypt(jwe, { kty, crv, x, y, d, alg } satisfies JWK, {
      keyManagementAlgorithms: [ENCRYPTION_ALGORITHM],
      contentEncryptionAlgorithms: [...CONTENT_ENCRYPTIONS],
      maxDecompressedLength,
    })
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(plaintext)
  } catch (cause) {
    throw undecryptable('it does not open with our key', cause)
  }
}

function unsupported(problem: string, cause?: unknown): ProtocolError {
  const text = `The encryption cannot be used: ${problem}. Take a key and algorithm that were announced.`
  return new ProtocolError('encryption_parameters', text, { cause })
}

function undecryptable(problem: string, cause?: unknown): ProtocolError {
  const text = `The encrypted message cannot be read: ${problem}. Encrypt it anew to the announced key.`
  return new ProtocolError('encrypted_message_malformed', text, { cause })
}
