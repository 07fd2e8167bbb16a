import { createPrivateKey, type JsonWebKey } from 'node:crypto'
import {
  decodeBase64Url,
  importSigner,
  type JsonObject,
  type PrivateJwk,
  parsePublicJwk,
  resolveDidKey,
} from '@netcert/credential'
import { importVerifyingKey, verifySignature } from '@netcert/credential/crypto'
import { objectOf, textOf } from './operation.js'

/** PKCS #8 around an Ed25519 seed (RFC 8410 §7). */
const ED25519_PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')

/** The public half and the identifier of a private key, after it signed and the name verified it. */
export async function createKeyPair(input: JsonObject): Promise<JsonObject> {
  const privateJwk =
    input['seed_hex'] === undefined ? objectOf(input, 'private_jwk') : fromSeed(input)
  const { d, ...publicHalf } = privateJwk
  if (typeof d !== 'string') throw new TypeError('the vector has no private key')
  const jwk = parsePublicJwk(publicHalf)
  const signer = await importSigner({ ...jwk, d } as PrivateJwk)
  const message = decodeBase64Url('AQIDBA')
  const key = await importVerifyingKey(resolveDidKey(signer.did).jwk)
  if (!(await verifySignature(key, message, await signer.sign(message)))) {
    throw new TypeError('the key pair does not fit together')
  }
  return { jwk, did: signer.did }
}

function fromSeed(input: JsonObject): JsonObject {
  const der = Buffer.concat([ED25519_PKCS8, Buffer.from(textOf(input, 'seed_hex'), 'hex')])
  const { kty, crv, x, d }: JsonWebKey = createPrivateKey({
    key: der,
    format: 'der',
    type: 'pkcs8',
  }).export({ format: 'jwk' })
  return JSON.parse(JSON.stringify({ kty, crv, x, d })) as JsonObject
}
