import {
  certificateType,
  createCredential,
  createJws,
  generateSigner,
  type JsonObject,
  NETWORK_CERTIFICATE,
  type SdJwtPolicy,
  credentialLimits,
  verifySdJwt,
} from '@netcert/credential'
import { hash, importVerifyingKey, verifySignature } from '@netcert/credential/crypto'
import { createPresentation, inspectSdJwt } from '@netcert/credential/holder'
import { SDJwtInstance } from '@sd-jwt/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

/** Differential tests in both directions: two implementations that share no code read each other. */

const NOW = 1_800_000_000
const AUDIENCE = 'https://verifier.example'
const NONCE = 'n-0S6_WzA2Mj'
const issuer = await generateSigner('ES256')
const holder = await generateSigner('ES256')
const issuerKey = await importVerifyingKey(issuer.jwk)
const holderKey = await importVerifyingKey(holder.jwk)
const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')
const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text))
const decoded = (text: string) => Uint8Array.from(Buffer.from(text, 'base64url'))

const core = new SDJwtInstance<JsonObject>({
  hasher: (data, alg) =>
    hash(alg as 'sha-256', typeof data === 'string' ? data : new Uint8Array(data)),
  hashAlg: 'sha-256',
  saltGenerator: (length) => base64url(crypto.getRandomValues(new Uint8Array(length))),
  signAlg: 'ES256',
  signer: async (data) => base64url(await issuer.signer.sign(bytesOf(data))),
  verifier: async (data, signature) => verifySignature(issuerKey, data, decoded(signature)),
  kbSignAlg: 'ES256',
  kbSigner: async (data) => base64url(await holder.signer.sign(bytesOf(data))),
  kbVerifier: async (data, signature) => verifySignature(holderKey, data, decoded(signature)),
})

const policy: SdJwtPolicy = {
  now: NOW,
  clockSkewSeconds: 0,
  algorithms: ['ES256'],
  hashAlgorithms: ['sha-256'],
  typ: null,
  issuerKeys: () => [issuerKey],
  requiredClaims: [],
  rejectFutureIat: true,
  audience: null,
  keyBinding: { mode: 'none' },
  allowDidKeyConfirmation: false,
  limits: credentialLimits,
}
const bound: SdJwtPolicy = {
  ...policy,
  keyBinding: {
    mode: 'required',
    audience: AUDIENCE,
    nonce: NONCE,
    maxAgeSeconds: 60,
    maxFutureSeconds: 30,
  },
}

const name = fc.stringMatching(/^[a-z]{1,8}$/).map((it) => `claim_${it}`)
const scalar = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.integer(), fc.boolean())
const value = fc.oneof(
  scalar,
  fc.array(scalar, { minLength: 1, maxLength: 4 }),
  fc.dictionary(name, scalar, { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
)
const claims = fc.dictionary(name, value, { minKeys: 1, maxKeys: 6, noNullPrototype: true })

/** A frame that makes every claim disclosable, and every member or element below it too. */
function frameOf(object: JsonObject): object {
  const below = Object.entries(object).flatMap(([key, member]) => {
    if (typeof member !== 'object' || member === null) return []
    const inner = Array.isArray(member) ? member.map((_, at) => at) : Object.keys(member)
    return [[key, { _sd: inner, _sd_decoy: 1 }] as const]
  })
  return { ...Object.fromEntries(below), _sd: Object.keys(object), _sd_decoy: 2 }
}

describe('what @sd-jwt/core mints', () => {
  it('is read here with the same claims', async () => {
    await fc.assert(
      fc.asyncProperty(claims, async (object) => {
        const text = await core.issue({ iat: NOW, ...object }, frameOf(object) as never)
        const { payload } = await verifySdJwt(text, policy)
        expect(payload).toEqual({ iat: NOW, ...object })
        expect((await inspectSdJwt(text)).payload).toEqual(payload)
      }),
      { numRuns: 60 },
    )
  })

  it('is presented by path here as its own frames present it', async () => {
    await fc.assert(
      fc.asyncProperty(claims, fc.nat(), async (object, seed) => {
        const text = await core.issue(
          { iat: NOW, cnf: { jwk: holder.jwk }, ...object },
          frameOf(object) as never,
        )
        const names = Object.keys(object).filter((_, at) => ((seed >> at) & 1) === 1)
        const theirs = await core.present(
          text,
          Object.fromEntries(names.map((it) => [it, true])) as never,
          {
            kb: { payload: { iat: NOW, aud: AUDIENCE, nonce: NONCE } },
          },
        )
        const ours = await createPresentation({
          credential: await inspectSdJwt(text),
          paths: names.map((it) => [it]),
          signer: holder.signer,
          audience: AUDIENCE,
          nonce: NONCE,
          issuedAt: new Date(NOW * 1000),
        })
        const theirPayload = (await verifySdJwt(theirs, bound)).payload
        const ourPayload = (await verifySdJwt(ours, bound)).payload
        expect(Object.keys(ourPayload).toSorted()).toEqual(Object.keys(theirPayload).toSorted())
        await core.verify(ours, { currentDate: NOW, keyBindingNonce: NONCE })
      }),
      { numRuns: 40 },
    )
  })
})

describe('what is minted here', () => {
  it('is read by @sd-jwt/core with the same claims, decoys and all', async () => {
    const claimsHere = {
      network_number: 'A',
      real_person: 'document',
      age_equal_or_over: { '18': true, '60': false },
      family_name: '王',
    }
    const text = await createCredential({
      type: certificateType(NETWORK_CERTIFICATE),
      signer: issuer.signer,
      holderJwk: holder.jwk,
      claims: claimsHere,
      issuedAt: new Date(NOW * 1000),
      expiresAt: new Date((NOW + 86_400) * 1000),
      status: null,
    })
    const { payload } = await core.verify(text, { currentDate: NOW })
    expect(payload).toMatchObject(claimsHere)
    expect(await core.getClaims(text)).toEqual((await inspectSdJwt(text)).payload)
  })

  it('is stricter: the library takes what is refused here', async () => {
    const signed = async (payload: JsonObject, rest: string) => {
      const jwt = await createJws({ header: { typ: 'x' }, payload, signer: issuer.signer })
      return `${jwt}~${rest}`
    }
    const unreferenced = await signed({ iat: NOW }, `${base64url(bytesOf('["s","a",1]'))}~`)
    await expect(verifySdJwt(unreferenced, policy)).rejects.toMatchObject({
      code: 'disclosure_unreferenced',
    })
    const repeated = await signed({ iat: NOW, _sd: ['d', 'd'] }, '')
    await expect(verifySdJwt(repeated, policy)).rejects.toMatchObject({ code: 'digest_duplicate' })
    await core.verify(unreferenced, { currentDate: NOW })
    await core.verify(repeated, { currentDate: NOW })
  })
})
