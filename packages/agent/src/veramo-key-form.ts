import { ECDH } from 'node:crypto'
import {
  decodeBase64Url,
  encodeBase64Url,
  type PublicJwk,
  parsePublicJwk,
} from '@netcert/credential'
import type { ManagedKeyInfo, TKeyType } from '@veramo/core-types'
import { AgentError } from './errors.js'
import { algorithmOf, type KeyType } from './key-pair.js'
import type { StoredKey } from './key-row.js'

/** The name under which our key management system stands in a Veramo agent. */
export const NETCERT_KMS = 'netcert'

const VERAMO_TYPES = { 'P-256': 'Secp256r1', Ed25519: 'Ed25519' } as const

/** Our word for a key type of Veramo. @throws AgentError `key_type`. */
export function keyTypeOf(type: TKeyType): KeyType {
  if (type === 'Secp256r1') return 'P-256'
  if (type === 'Ed25519') return 'Ed25519'
  throw new AgentError(
    'key_type',
    `keys of type ${type} are not kept here; use Secp256r1 or Ed25519`,
  )
}

/** A stored key as Veramo knows keys: the alias is its `kid`. */
export function managedKey(stored: StoredKey): ManagedKeyInfo {
  const { alias, type, jwk } = stored
  return {
    kid: alias,
    kms: NETCERT_KMS,
    type: VERAMO_TYPES[type],
    publicKeyHex: publicKeyHex(jwk),
    meta: { algorithms: [algorithmOf(type)] },
  }
}

/** Veramo's spelling of a public key: Ed25519 as 32 bytes, P-256 compressed (SEC 1 §2.3.3). */
export function publicKeyHex(jwk: PublicJwk): string {
  const x = Buffer.from(decodeBase64Url(jwk.x)).toString('hex')
  if (jwk.kty === 'OKP') return x
  const odd = (decodeBase64Url(jwk.y)[31] ?? 0) & 1
  return `${odd === 1 ? '03' : '02'}${x}`
}

/**
 * The key behind Veramo's spelling, compressed or not.
 *
 * @throws AgentError `key_type`, `key_damaged`.
 */
export function jwkOfPublicKeyHex(veramoType: TKeyType, hex: string): PublicJwk {
  const type = keyTypeOf(veramoType)
  try {
    if (type === 'Ed25519') {
      return parsePublicJwk({ kty: 'OKP', crv: 'Ed25519', x: base64Url(hex) })
    }
    const point = String(ECDH.convertKey(hex, 'prime256v1', 'hex', 'hex', 'uncompressed'))
    const [x, y] = [point.slice(2, 66), point.slice(66)]
    return parsePublicJwk({ kty: 'EC', crv: 'P-256', x: base64Url(x), y: base64Url(y) })
  } catch {
    throw new AgentError('key_damaged', `this is no public key of ${type}; give another one`)
  }
}

function base64Url(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64url')
}

/** Signatures travel through Veramo as base64url. */
export function signatureText(signature: Uint8Array): string {
  return encodeBase64Url(signature)
}
