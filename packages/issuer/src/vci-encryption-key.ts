import { createECDH, createHash } from 'node:crypto'
import type { Vault } from '@netcert/agent'
import { ENCRYPTION_ALGORITHM, type EncryptionPrivateJwk } from '@netcert/protocol'

/**
 * The key that requests to this issuer are encrypted to. It follows from the master key, so all
 * processes of an issuer have the same one and it stands in no database.
 */
export function requestEncryptionKey(vault: Vault): EncryptionPrivateJwk {
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const secret = Buffer.from(vault.deriveKey(`netcert/vci/request-encryption/v1/${attempt}`))
    const ecdh = createECDH('prime256v1')
    try {
      ecdh.setPrivateKey(secret)
    } catch {
      // About one in 2^32: the number is not below the order of the curve.
      continue
    }
    const point = ecdh.getPublicKey()
    const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((it) => it.toString('base64url'))
    const kid = createHash('sha256').update(point).digest('base64url').slice(0, 16)
    return {
      kty: 'EC',
      crv: 'P-256',
      x: x ?? '',
      y: y ?? '',
      d: secret.toString('base64url'),
      alg: ENCRYPTION_ALGORITHM,
      use: 'enc',
      kid,
    }
  }
  throw new TypeError('the master key gives no encryption key')
}
