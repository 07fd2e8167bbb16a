import { createHash, randomBytes } from 'node:crypto'
import { decodeSDJWT, issueSDJWT, unpackSDJWT, verifySDJWT } from '@meeco/sd-jwt'
import * as jose from 'jose'

/** SD-JWT VC with `@meeco/sd-jwt`: what a peer does with a certificate once it has it. */

const sha256 = (data) => createHash('sha256').update(data).digest('base64url')
const hasher = () => Promise.resolve((data) => sha256(data))

async function signCompact(header, payload, privateJwk) {
  const key = await jose.importJWK(privateJwk, 'ES256')
  return new jose.SignJWT(payload).setProtectedHeader(header).sign(key)
}

/** Issues a certificate whose claims are all disclosable, bound to a holder's key. */
export function issue({ issuer, visible, claims, holderJwk, issuedAt, expiresAt }) {
  const hideAll = (value) =>
    typeof value === 'object' && value !== null
      ? {
          _sd: Object.keys(value),
          ...Object.fromEntries(Object.entries(value).map(([name, it]) => [name, hideAll(it)])),
        }
      : undefined
  const payload = { iss: issuer.did, ...visible, iat: issuedAt, exp: expiresAt, ...claims }
  return issueSDJWT({ alg: 'ES256', typ: 'dc+sd-jwt' }, payload, withoutLeaves(hideAll(claims)), {
    signer: async (header, content) =>
      (await signCompact(header, content, issuer.privateJwk)).split('.')[2],
    hash: { alg: 'sha-256', callback: sha256 },
    generateSalt: () => randomBytes(16).toString('base64url'),
    cnf: { jwk: holderJwk },
  })
}

function withoutLeaves(frame) {
  const entries = Object.entries(frame).filter(([, value]) => value !== undefined)
  return Object.fromEntries(
    entries.map(([name, value]) => [name, Array.isArray(value) ? value : withoutLeaves(value)]),
  )
}

/** The claims of a certificate, all disclosures opened. */
export async function readClaims(credential) {
  const { unverifiedInputSDJWT, disclosures } = decodeSDJWT(credential)
  return unpackSDJWT(unverifiedInputSDJWT, disclosures, hasher)
}

/** Presents what the paths name and nothing else; the key binding is RFC 9901 §4.3. */
export async function present({ credential, key, paths, audience, nonce, issuedAt }) {
  const { disclosures } = decodeSDJWT(credential)
  const wanted = new Set(paths.flat())
  const chosen = disclosures.filter(({ key: name }) => wanted.has(name))
  const [jwt] = credential.split('~')
  const shown = `${[jwt, ...chosen.map(({ disclosure }) => disclosure)].join('~')}~`
  const binding = await signCompact(
    { alg: 'ES256', typ: 'kb+jwt' },
    { iat: issuedAt, aud: audience, nonce, sd_hash: sha256(shown) },
    key.privateJwk,
  )
  return `${shown}${binding}`
}

/** Verifies a presentation: signature of the issuer, digests, key binding. @returns the claims. */
export async function verify({ presentation, issuerJwk, audience, nonce }) {
  const checkIssuer = async (jwt) => {
    const key = await jose.importJWK(issuerJwk, 'ES256')
    await jose.compactVerify(jwt, key, { algorithms: ['ES256'] })
    return true
  }
  const checkBinding = async (jwt, holderJwk) => {
    const key = await jose.importJWK(holderJwk, 'ES256')
    const { payload } = await jose.jwtVerify(jwt, key, { audience, typ: 'kb+jwt' })
    const shown = presentation.slice(0, presentation.lastIndexOf('~') + 1)
    return payload.nonce === nonce && payload.sd_hash === sha256(shown)
  }
  return verifySDJWT(presentation, checkIssuer, hasher, { kb: { verifier: checkBinding } })
}
