import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import * as jose from 'jose'

// Its ES modules import each other without file names (0.0.6), so Node cannot load them.
const { Holder, Issuer, Verifier } = createRequire(import.meta.url)('@meeco/sd-jwt-vc')

const sha256 = (data) => createHash('sha256').update(data).digest('base64url')

function signerOf(privateJwk) {
  return {
    alg: 'ES256',
    callback: async (header, payload) => {
      const key = await jose.importJWK(privateJwk, 'ES256')
      const jwt = await new jose.SignJWT(payload).setProtectedHeader(header).sign(key)
      return jwt.split('.')[2]
    },
  }
}

async function newKey() {
  const { publicKey, privateKey } = await jose.generateKeyPair('ES256', { extractable: true })
  return { jwk: await jose.exportJWK(publicKey), privateJwk: await jose.exportJWK(privateKey) }
}

/** A holder's key, and what the package makes of a certificate that is bound to it. */
export async function createHolder() {
  const { jwk, privateJwk } = await newKey()
  const holder = new Holder(signerOf(privateJwk))
  return {
    jwk,
    async present({ credential, audience, nonce }) {
      const shown = await holder.presentVCSDJWT(credential, [], { audience, nonce })
      return shown.vcSDJWTWithkeyBindingJWT
    },
  }
}

/** A certificate as the package issues one. */
export async function issue({ vct, claims, holderJwk, issuedAt }) {
  const { privateJwk } = await newKey()
  const issuer = new Issuer(signerOf(privateJwk), { alg: 'sha-256', callback: sha256 })
  const payload = { iss: 'https://issuer.example', iat: issuedAt, cnf: { jwk: holderJwk } }
  return issuer.createVCSDJWT({ type: vct, vct, ...claims }, payload, { _sd: Object.keys(claims) })
}

/** The claims of a presentation that the package finds right; key binding is the caller's to check. */
export function verify({ presentation, issuerJwk, audience, nonce }) {
  const checkIssuer = async (jwt) => {
    await jose.compactVerify(jwt, await jose.importJWK(issuerJwk, 'ES256'))
    return true
  }
  const checkBinding = async (jwt, holderJwk) => {
    const key = await jose.importJWK(holderJwk, 'ES256')
    const { payload } = await jose.jwtVerify(jwt, key, { audience, typ: 'kb+jwt' })
    return payload.nonce === nonce
  }
  return new Verifier().verifyVCSDJWT(presentation, checkIssuer, sha256, checkBinding)
}
