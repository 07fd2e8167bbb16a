import { createHash, randomBytes, X509Certificate } from 'node:crypto'
import { DidKey } from '@credo-ts/core'
import { clientAuthenticationAnonymous, setGlobalConfig } from '@openid4vc/oauth2'
import * as jose from 'jose'

// Everything here goes over plain http on this machine.
setGlobalConfig({ allowInsecureUrls: true })

/** A new P-256 key: JWK halves and the did:key that `@credo-ts/core` makes of it. */
export async function createKey(Kms) {
  const { publicKey, privateKey } = await jose.generateKeyPair('ES256', { extractable: true })
  const publicJwk = await jose.exportJWK(publicKey)
  const privateJwk = await jose.exportJWK(privateKey)
  if (Kms === undefined) return { publicJwk, privateJwk }
  const { did } = new DidKey(Kms.PublicJwk.fromPublicJwk(publicJwk))
  return { publicJwk, privateJwk, did, keyId: `${did}#${did.slice('did:key:'.length)}` }
}

/** The key a signer names: by itself, by certificate, or by did:key. */
export function publicJwkOf(signer) {
  if (signer.method === 'jwk') return signer.publicJwk
  if (signer.method === 'did') return DidKey.fromDid(signer.didUrl.split('#')[0]).publicJwk.toJson()
  if (signer.method === 'x5c') {
    return new X509Certificate(Buffer.from(signer.x5c[0], 'base64')).publicKey.export({
      format: 'jwk',
    })
  }
  throw new Error(`no key for a signer named by ${signer.method}`)
}

const thumbprint = (jwk) => jose.calculateJwkThumbprint(jwk)

/** What the libraries of `@openid4vc` leave to whoever uses them; cryptography is jose's. */
export async function createCallbacks(keys, options = {}) {
  const privateKeys = new Map()
  for (const { publicJwk, privateJwk } of keys) {
    privateKeys.set(await thumbprint(publicJwk), privateJwk)
  }
  return {
    fetch: globalThis.fetch,
    hash: (data, algorithm) => createHash(algorithm.replace('-', '')).update(data).digest(),
    generateRandom: (length) => randomBytes(length),
    clientAuthentication: options.clientAuthentication ?? clientAuthenticationAnonymous(),
    getX509CertificateMetadata: (certificate) => namesOf(certificate),
    async signJwt(signer, { header, payload }) {
      const signerJwk = publicJwkOf(signer)
      const privateJwk = privateKeys.get(await thumbprint(signerJwk))
      const key = await jose.importJWK(privateJwk, signer.alg)
      const jwt = await new jose.SignJWT(payload).setProtectedHeader(header).sign(key)
      return { jwt, signerJwk }
    },
    async verifyJwt(signer, { compact }) {
      const signerJwk = publicJwkOf(signer)
      try {
        const key = await jose.importJWK(signerJwk, signer.alg)
        await jose.compactVerify(compact, key, { algorithms: [signer.alg] })
        return { verified: true, signerJwk }
      } catch {
        return { verified: false, signerJwk }
      }
    },
    async encryptJwe({ publicJwk, alg, enc }, data) {
      const key = await jose.importJWK(publicJwk, alg)
      const header = { alg, enc, ...(publicJwk.kid === undefined ? {} : { kid: publicJwk.kid }) }
      const jwe = await new jose.CompactEncrypt(Buffer.from(data))
        .setProtectedHeader(header)
        .encrypt(key)
      return { jwe, encryptionJwk: publicJwk }
    },
    async decryptJwe(jwe, { jwk } = {}) {
      const privateJwk =
        jwk?.d === undefined && jwk !== undefined ? privateKeys.get(await thumbprint(jwk)) : jwk
      const chosen = privateJwk ?? [...privateKeys.values()].at(-1)
      const key = await jose.importJWK(chosen, 'ECDH-ES')
      try {
        const { plaintext } = await jose.compactDecrypt(jwe, key)
        return {
          decrypted: true,
          decryptionJwk: chosen,
          payload: Buffer.from(plaintext).toString(),
        }
      } catch {
        return { decrypted: false }
      }
    },
  }
}

function namesOf(certificate) {
  const { subjectAltName = '' } = new X509Certificate(Buffer.from(certificate, 'base64'))
  const named = (kind) =>
    subjectAltName.split(', ').flatMap((it) => (it.startsWith(kind) ? it.slice(kind.length) : []))
  return { sanDnsNames: named('DNS:'), sanUriNames: named('URI:') }
}
