import { createPrivateKey, createPublicKey, hash, sign, verify } from 'node:crypto'

/** The callbacks the peers ask for, on synchronous node:crypto: the fastest that is to be had. */
const P1363 = 'ieee-p1363'

export const digestHasher = (data, algorithm = 'sha-256') =>
  hash(algorithm.replace('-', ''), typeof data === 'string' ? data : new Uint8Array(data), 'buffer')

export function nodeSigner(privateJwk) {
  const key = createPrivateKey({ key: privateJwk, format: 'jwk' })
  return async (data) =>
    sign('sha256', Buffer.from(data), { key, dsaEncoding: P1363 }).toString('base64url')
}

export function nodeVerifier(publicJwk) {
  const key = createPublicKey({ key: publicJwk, format: 'jwk' })
  return async (data, signature) =>
    verify(
      'sha256',
      Buffer.from(data),
      { key, dsaEncoding: P1363 },
      Buffer.from(signature, 'base64url'),
    )
}
