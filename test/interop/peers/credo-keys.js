import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  randomBytes,
  randomUUID,
  sign,
  verify,
} from 'node:crypto'
import * as jose from 'jose'

const P1363 = 'ieee-p1363'
const SUPPORTED = [
  'createKey',
  'importKey',
  'deleteKey',
  'sign',
  'verify',
  'encrypt',
  'decrypt',
  'randomBytes',
]
const CIPHERS = { A128GCM: ['aes-128-gcm', 16], A256GCM: ['aes-256-gcm', 32] }

/** Key management for an agent of Credo on node:crypto: ES256, and ECDH-ES with AES-GCM. */
export class NodeKeys {
  backend = 'node'
  #keys = new Map()

  isOperationSupported(_context, { operation, type }) {
    return SUPPORTED.includes(operation) && (type === undefined || type.crv === 'P-256')
  }

  async getPublicKey(_context, id) {
    return this.#keys.get(id)?.publicJwk ?? null
  }

  async createKey(_context, { keyId = randomUUID() }) {
    const pair = await jose.generateKeyPair('ES256', { extractable: true })
    return this.#keep(keyId, await jose.exportJWK(pair.privateKey))
  }

  async importKey(_context, { privateJwk }) {
    return this.#keep(privateJwk.kid ?? randomUUID(), privateJwk)
  }

  async deleteKey(_context, { keyId }) {
    return this.#keys.delete(keyId)
  }

  async sign(_context, { keyId, data }) {
    const key = this.#private(keyId)
    return { signature: new Uint8Array(sign('sha256', data, { key, dsaEncoding: P1363 })) }
  }

  async verify(_context, { key: { publicJwk, keyId }, data, signature }) {
    const jwk = publicJwk ?? this.#keys.get(keyId).publicJwk
    const key = createPublicKey({ key: jwk, format: 'jwk' })
    const verified = verify('sha256', data, { key, dsaEncoding: P1363 }, signature)
    return verified ? { verified, publicJwk: jwk } : { verified }
  }

  async encrypt(_context, { key: { keyAgreement }, data, encryption }) {
    const [name, secret] = this.#agree(keyAgreement, encryption.algorithm)
    const iv = randomBytes(12)
    const cipher = createCipheriv(name, secret, iv).setAAD(encryption.aad)
    const encrypted = Buffer.concat([cipher.update(data), cipher.final()])
    return { encrypted, iv, tag: cipher.getAuthTag() }
  }

  async decrypt(_context, { key: { keyAgreement }, encrypted, decryption }) {
    const { algorithm, iv, aad, tag } = decryption
    const [name, secret] = this.#agree(keyAgreement, algorithm)
    const decipher = createDecipheriv(name, secret, iv).setAAD(aad).setAuthTag(tag)
    return { data: Buffer.concat([decipher.update(encrypted), decipher.final()]) }
  }

  randomBytes(_context, { length }) {
    return new Uint8Array(randomBytes(length))
  }

  #keep(keyId, { kty, crv, x, y, d }) {
    const publicJwk = { kty, crv, x, y, kid: keyId }
    this.#keys.set(keyId, { publicJwk, privateJwk: { kty, crv, x, y, d } })
    return { keyId, publicJwk }
  }

  #private(keyId) {
    return createPrivateKey({ key: this.#keys.get(keyId).privateJwk, format: 'jwk' })
  }

  /** ECDH-ES, direct: RFC 7518 §4.6.2. */
  #agree({ keyId, externalPublicJwk, apu, apv }, enc) {
    const [name, length] = CIPHERS[enc]
    const publicKey = createPublicKey({ key: externalPublicJwk, format: 'jwk' })
    const shared = diffieHellman({ privateKey: this.#private(keyId), publicKey })
    const number = (value) => Buffer.from(new Uint32Array([value]).buffer).swap32()
    const counted = (bytes = new Uint8Array()) => Buffer.concat([number(bytes.length), bytes])
    const parts = [counted(Buffer.from(enc)), counted(apu), counted(apv), number(length * 8)]
    const digest = createHash('sha256').update(Buffer.concat([number(1), shared, ...parts]))
    return [name, digest.digest().subarray(0, length)]
  }
}
