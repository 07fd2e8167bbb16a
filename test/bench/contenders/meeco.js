import { hash, randomBytes } from 'node:crypto'
import { decodeJWT, decodeSDJWT, issueSDJWT, verifySDJWT } from '@meeco/sd-jwt'
import { nodeSigner, nodeVerifier } from './node-crypto.js'

const digest = (data) => hash('sha256', data, 'base64url')
const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')

/**
 * `@meeco/sd-jwt` with what it leaves to its caller written here: signatures, the key binding's
 * claims and times. It has no status list and no holder's side; presenting is cutting by hand.
 */
export async function open(material) {
  const { audience, nonce } = material
  const issuerVerifier = nodeVerifier(material.issuer.publicJwk)
  const issuerSigner = nodeSigner(material.issuer.privateJwk)
  const holderSigners = material.holders.map(({ privateJwk }) => nodeSigner(privateJwk))
  const header = { alg: 'ES256', typ: 'dc+sd-jwt', kid: material.issuer.keyId }

  const ask = async (presentation, expected = nonce) => {
    const keyBinding = async (jwt, holderJwk) => {
      const { payload } = decodeJWT(jwt)
      const bound = presentation.slice(0, presentation.lastIndexOf('~') + 1)
      if (payload.nonce !== expected || payload.aud !== audience) return false
      if (payload.sd_hash !== digest(bound)) return false
      return verifyJwt(nodeVerifier(holderJwk), jwt)
    }
    const claims = await verifySDJWT(
      presentation,
      (jwt) => verifyJwt(issuerVerifier, jwt),
      async () => digest,
      { kb: { verifier: keyBinding } },
    )
    if (claims.exp < Date.now() / 1000) throw new Error('expired')
    return claims
  }
  const issue = (index) =>
    issueSDJWT(header, material.payload(index), material.frame, {
      hash: { alg: 'sha-256', callback: digest },
      generateSalt: (bytes) => randomBytes(bytes).toString('base64url'),
      signer: (protectedHeader, claims) =>
        issuerSigner(`${encode(protectedHeader)}.${encode(claims)}`),
    })
  return {
    ask,
    verify: (index) => ask(material.presentation(index)),
    issue,
    async issueTen(index) {
      for (let copy = 0; copy < 10; copy += 1) await issue(index + copy)
    },
    present: (index) => present(material, holderSigners, index),
  }
}

function verifyJwt(verifier, jwt) {
  const dot = jwt.lastIndexOf('.')
  return verifier(jwt.slice(0, dot), jwt.slice(dot + 1))
}

async function present(material, holderSigners, index) {
  const credential = material.credential(index)
  const chosen = decodeSDJWT(credential).disclosures.filter(({ key }) =>
    material.disclosedKeys.includes(key),
  )
  const jwt = credential.slice(0, credential.indexOf('~'))
  const text = `${[jwt, ...chosen.map(({ disclosure }) => disclosure)].join('~')}~`
  const header = encode({ alg: 'ES256', typ: 'kb+jwt' })
  const payload = encode({
    iat: Math.floor(Date.now() / 1000),
    aud: material.audience,
    nonce: material.nonce,
    sd_hash: digest(text),
  })
  const signer = holderSigners[index % holderSigners.length]
  return `${text}${header}.${payload}.${await signer(`${header}.${payload}`)}`
}
