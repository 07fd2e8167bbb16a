import { createPrivateKey, generateKeyPair } from 'node:crypto'
import { access } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { PrivateJwk, PublicJwk, SignatureAlgorithm } from '@netcert/credential'
import { writeAtomically } from './atomic-file.js'

const generate = promisify(generateKeyPair)

/** Makes a key and writes it as PEM (PKCS #8, mode 0600). */
export async function createPrivateKeyFile(
  file: string,
  algorithm: SignatureAlgorithm,
): Promise<PrivateJwk> {
  // Asynchronous on purpose: the synchronous form followed by a JWK export can hang on Node 20.
  const { privateKey } = await (algorithm === 'ES256'
    ? generate('ec', { namedCurve: 'P-256' })
    : generate('ed25519', {}))
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  await writeAtomically(file, pem, 0o600)
  return parsePrivateKey(pem)
}

/** Whether there is a file where a key would be read or written. */
export function isKeyFileThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}

/** Reads a key in PEM. @throws TypeError for another kind of key; what node:crypto throws. */
export function parsePrivateKey(pem: string): PrivateJwk {
  const { kty, crv, x, y, d } = createPrivateKey(pem).export({ format: 'jwk' })
  if (kty === 'EC' && crv === 'P-256' && x && y && d) return { kty, crv, x, y, d }
  if (kty === 'OKP' && crv === 'Ed25519' && x && d) return { kty, crv, x, d }
  throw new TypeError('another kind of key')
}

/** What of a key everybody may know. */
export function publicHalf(key: PrivateJwk): PublicJwk {
  if (key.kty === 'OKP') return { kty: key.kty, crv: key.crv, x: key.x }
  return { kty: key.kty, crv: key.crv, x: key.x, y: key.y }
}
