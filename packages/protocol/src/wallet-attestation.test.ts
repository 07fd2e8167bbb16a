import { generateSigner, type PublicJwk, type Signer } from '@netcert/credential'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  createClientAttestation,
  createClientAttestationPop,
  verifyClientAttestation,
} from './wallet-attestation.js'

const audience = 'https://issuer.example'
const now = new Date('2026-11-21T04:00:00Z')
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000)

describe('a client attestation', () => {
  let provider: { signer: Signer; jwk: PublicJwk }
  let wallet: { signer: Signer; jwk: PublicJwk }
  let thief: { signer: Signer; jwk: PublicJwk }

  beforeAll(async () => {
    provider = await generateSigner('ES256')
    wallet = await generateSigner('ES256')
    thief = await generateSigner('ES256')
  })

  const attest = (options: Partial<Parameters<typeof createClientAttestation>[0]> = {}) =>
    createClientAttestation({
      signer: provider.signer,
      header: { kid: 'p-1' },
      clientId: 'wallet.example',
      clientJwk: wallet.jwk,
      issuedAt: now,
      expiresAt: later(600),
      walletName: 'Wallet',
      ...options,
    })
  const pop = (options: Partial<Parameters<typeof createClientAttestationPop>[0]> = {}) =>
    createClientAttestationPop({
      signer: wallet.signer,
      clientId: 'wallet.example',
      audience,
      jti: 'j-1',
      issuedAt: now,
      ...options,
    })
  const verify = (
    attestation: string,
    proof: string,
    options: Partial<Parameters<typeof verifyClientAttestation>[0]> = {},
  ) =>
    verifyClientAttestation({
      attestation,
      pop: proof,
      audience,
      now,
      popMaxAgeSeconds: 300,
      providerKey: (header) => (header['kid'] === 'p-1' ? provider.jwk : undefined),
      isFreshChallenge: null,
      ...options,
    })
  const refusal = { code: 'client_attestation_invalid' }

  it('says which client it is, proven by the key of its instance', async () => {
    expect(await verify(await attest(), await pop())).toEqual({
      clientId: 'wallet.example',
      jwk: wallet.jwk,
      jti: 'j-1',
      walletName: 'Wallet',
    })
  })

  it('needs a fresh challenge where challenges are handed out', async () => {
    const options = { isFreshChallenge: (challenge: string) => challenge === 'c-1' }
    const [attestation, code] = [await attest(), { code: 'client_attestation_challenge' }]
    await expect(
      verify(attestation, await pop({ challenge: 'c-1' }), options),
    ).resolves.toBeDefined()
    await expect(verify(attestation, await pop(), options)).rejects.toMatchObject(code)
    const old = await pop({ challenge: 'c-0' })
    await expect(verify(attestation, old, options)).rejects.toMatchObject(code)
  })

  it('is refused from a provider nobody trusts, forged, ended, or from the future', async () => {
    const proof = await pop()
    for (const attestation of [
      await attest({ header: { kid: 'p-2' } }),
      await attest({ signer: thief.signer }),
      await attest({ expiresAt: later(-61) }),
      await attest({ issuedAt: later(61) }),
      await pop(),
    ]) {
      await expect(verify(attestation, proof)).rejects.toMatchObject(refusal)
    }
  })

  it('is refused with a proof by another key, for another server, old, or of another client', async () => {
    const attestation = await attest()
    for (const proof of [
      await pop({ signer: thief.signer }),
      await pop({ audience: 'https://other.example' }),
      await pop({ issuedAt: later(-301) }),
      await pop({ issuedAt: later(61) }),
      await pop({ clientId: 'other.example' }),
      attestation,
    ]) {
      await expect(verify(attestation, proof)).rejects.toMatchObject(refusal)
    }
  })
})
