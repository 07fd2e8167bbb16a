import { createJws, generateSigner, type PublicJwk, type Signer } from '@netcert/credential'
import { beforeAll, describe, expect, it } from 'vitest'
import { type CreateKeyProofOptions, createKeyProof, verifyKeyProof } from './key-proof.js'

const audience = 'https://issuer.example'
const now = new Date('2026-11-21T04:00:00Z')
const demands = { audience, now, maxAgeSeconds: 300, clientId: null }
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000)

describe('a key proof', () => {
  let key: { signer: Signer; jwk: PublicJwk }
  let other: { signer: Signer; jwk: PublicJwk }

  beforeAll(async () => {
    key = await generateSigner('ES256')
    other = await generateSigner('ES256')
  })

  const proof = (options: Partial<CreateKeyProofOptions> = {}) =>
    createKeyProof({
      ...key,
      keyBy: 'jwk',
      audience,
      issuedAt: now,
      nonce: 'n-1',
      clientId: null,
      ...options,
    })
  const refusal = { code: 'key_proof_invalid' }
  /** A proof with a header and payload of one's own. */
  const forged = (header: object, payload: object = {}) =>
    createJws({
      signer: key.signer,
      header: { typ: 'openid4vci-proof+jwt', ...header },
      payload: { aud: audience, iat: now.getTime() / 1000, nonce: 'n-1', ...payload },
    })

  it.each(['jwk', 'did:key'] as const)('proves a key named by %s', async (keyBy) => {
    expect(await verifyKeyProof(await proof({ keyBy }), demands)).toEqual({
      jwk: key.jwk,
      nonce: 'n-1',
      keyAttestation: undefined,
    })
  })

  it('proves an Ed25519 key', async () => {
    const ed = await generateSigner('EdDSA')
    const text = await proof({ ...ed, keyAttestation: 'e30.e30.AA' })
    expect(await verifyKeyProof(text, demands)).toMatchObject({
      jwk: ed.jwk,
      keyAttestation: 'e30.e30.AA',
    })
  })

  it('names the client of the token, or nobody', async () => {
    const named = { ...demands, clientId: 'wallet' }
    const text = await proof({ clientId: 'wallet' })
    await expect(verifyKeyProof(text, named)).resolves.toBeDefined()
    await expect(verifyKeyProof(await proof(), named)).resolves.toBeDefined()
    // Without a client_id at the token endpoint iss must be left out (Appendix F.1).
    await expect(verifyKeyProof(text, demands)).rejects.toMatchObject(refusal)
    const other = await proof({ clientId: 'other' })
    await expect(verifyKeyProof(other, named)).rejects.toMatchObject(refusal)
  })

  it('is good for five minutes, and a minute ahead of our clock', async () => {
    const at = (seconds: number) => proof({ issuedAt: later(seconds) })
    await expect(verifyKeyProof(await at(-300), demands)).resolves.toBeDefined()
    await expect(verifyKeyProof(await at(-301), demands)).rejects.toMatchObject(refusal)
    await expect(verifyKeyProof(await at(60), demands)).resolves.toBeDefined()
    await expect(verifyKeyProof(await at(61), demands)).rejects.toMatchObject(refusal)
  })

  it('is refused for another issuer, also in a list of audiences', async () => {
    const text = await proof({ audience: `${audience}/` })
    await expect(verifyKeyProof(text, demands)).rejects.toMatchObject(refusal)
    const listed = await forged({ jwk: key.jwk }, { aud: [audience] })
    await expect(verifyKeyProof(listed, demands)).rejects.toMatchObject(refusal)
  })

  it.each([
    ['no key', () => ({})],
    ['two keys', () => ({ jwk: key.jwk, kid: key.signer.keyId })],
    ['a certificate', () => ({ x5c: ['AAAA'] })],
    ['a private key', () => ({ jwk: { ...key.jwk, d: 'AAAA' } })],
    ['the key of somebody else', () => ({ jwk: other.jwk })],
    ['a key to fetch', () => ({ kid: 'did:web:evil.example#1' })],
    ['an address of keys', () => ({ jwk: key.jwk, jku: 'https://evil.example' })],
    ['another typ', () => ({ jwk: key.jwk, typ: 'kb+jwt' })],
    ['an extension', () => ({ jwk: key.jwk, crit: ['exp'] })],
    ['a key attestation that is no text', () => ({ jwk: key.jwk, key_attestation: 1 })],
  ])('is refused with %s', async (_what, header) => {
    await expect(verifyKeyProof(await forged(header()), demands)).rejects.toMatchObject(refusal)
  })

  it.each([
    ['no time', { iat: undefined }],
    ['a time that is a text', { iat: '1' }],
    ['an end that is over', { exp: now.getTime() / 1000 - 100 }],
    ['a nonce that is a number', { nonce: 1 }],
  ])('is refused with %s', async (_what, payload) => {
    const text = await forged({ jwk: key.jwk }, payload)
    await expect(verifyKeyProof(text, demands)).rejects.toMatchObject(refusal)
  })

  it('is refused unsigned, altered, and as no JWT at all', async () => {
    const text = await proof()
    const [header, payload, signature] = text.split('.')
    const none = btoa('{"alg":"none","typ":"openid4vci-proof+jwt"}').replaceAll('=', '')
    for (const bad of [
      `${none}.${payload}.${signature}`,
      `${header}.${payload}.${signature!.replace(/^./, (it) => (it === 'A' ? 'B' : 'A'))}`,
      `${header}.${payload}.`,
      'x',
    ]) {
      await expect(verifyKeyProof(bad, demands)).rejects.toMatchObject(refusal)
    }
  })
})
