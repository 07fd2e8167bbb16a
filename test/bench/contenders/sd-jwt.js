import { digest, ES256, generateSalt } from '@sd-jwt/crypto-nodejs'
// oxlint-disable-next-line eslint/no-restricted-imports -- measured here, trusted nowhere
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc'

/**
 * `@sd-jwt/sd-jwt-vc` with `@sd-jwt/crypto-nodejs`, the cryptography that comes with it, as its
 * manual shows it. The issuer's keys are imported once, the holder's for each presentation.
 */
export const open = (material) =>
  openWith(material, {
    hasher: digest,
    saltGenerator: generateSalt,
    createSigner: (jwk) => ES256.getSigner(jwk),
    createVerifier: (jwk) => ES256.getVerifier(jwk),
  })

/** The same library on given cryptography. */
export async function openWith(material, crypto) {
  const { frame, presentationFrame, nonce, audience } = material
  const hashing = { hasher: crypto.hasher, hashAlg: 'sha-256' }
  const issuer = new SDJwtVcInstance({
    ...hashing,
    saltGenerator: crypto.saltGenerator,
    signer: await crypto.createSigner(material.issuer.privateJwk),
    signAlg: ES256.alg,
  })
  const wallets = []
  for (const { privateJwk } of material.holders) {
    const kbSigner = await crypto.createSigner(privateJwk)
    wallets.push(new SDJwtVcInstance({ ...hashing, kbSigner, kbSignAlg: ES256.alg }))
  }
  const short = await openVerifier(material, crypto, material.lists.short)
  const long = await openVerifier(material, crypto, material.lists.long)
  const issue = (index) =>
    issuer.issue(material.payload(index), frame, { header: { kid: material.issuer.keyId } })
  return {
    ask: short,
    verify: (index) => short(material.presentation(index)),
    verifyLong: (index) => long(material.presentation(index)),
    issue,
    async issueTen(index) {
      for (let copy = 0; copy < 10; copy += 1) await issue(index + copy)
    },
    present: (index) =>
      wallets[index % wallets.length].present(material.credential(index), presentationFrame, {
        kb: { payload: { iat: Math.floor(Date.now() / 1000), aud: audience, nonce } },
      }),
  }
}

async function openVerifier(material, crypto, list) {
  const issuerVerifier = await crypto.createVerifier(material.issuer.publicJwk)
  const instance = new SDJwtVcInstance({
    hasher: crypto.hasher,
    hashAlg: 'sha-256',
    verifier: issuerVerifier,
    kbVerifier: async (data, signature, { cnf }) =>
      (await crypto.createVerifier(cnf.jwk))(data, signature),
    statusListFetcher: async () => list,
    statusVerifier: issuerVerifier,
  })
  return async (presentation, nonce = material.nonce) => {
    const { payload, kb } = await instance.verify(presentation, {
      keyBindingNonce: nonce,
      requiredClaimKeys: material.requiredClaims,
    })
    if (kb.payload.aud !== material.audience) throw new Error('made for another verifier')
    return payload
  }
}
