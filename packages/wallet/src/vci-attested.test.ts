import { verifyClientAttestation, verifyKeyAttestation } from '@netcert/protocol'
import { describe, expect, it } from 'vitest'
import { vciGround, yes } from '../../../test/vci-wallet-ground.js'
import { createWalletProvider } from '../../../test/wallet-provider.js'

const refusal = (code: string) => expect.objectContaining({ code })
const vci = vciGround()
const ES256 = { proof_signing_alg_values_supported: ['ES256'] }

/** What the issuer demands of proofs for its certificates. */
function demandProofs(proofTypes: object): void {
  vci.issuer.behaviour.metadata = (it) => {
    const known = it['credential_configurations_supported'] as Record<string, object>
    const certificate = { ...known['certificate'], proof_types_supported: proofTypes }
    return { ...it, credential_configurations_supported: { certificate } }
  }
}

const proofsSent = () => {
  const request = vci.issuer.asked.findLast(({ path }) => path === '/tenant/credential')
  const { proofs } = JSON.parse(request?.body ?? '') as { proofs: Record<string, string[]> }
  return proofs
}

describe('an attested wallet', () => {
  it('shows its attestation and a fresh proof at PAR and token, with one key for both', async () => {
    const { provider, jwk } = await createWalletProvider(() => vci.ground.now)
    const wallet = await vci.open({ provider })
    const offer = vci.issuer.offer({ signIn: true })
    const begun = await wallet.receiveOffer({ offer, consent: yes, batch: 1 })
    if (begun.kind !== 'sign-in') throw new TypeError('a sign-in was expected')
    const answer = await fetch(begun.url, { redirect: 'manual' })
    await wallet.continueOffer({ redirect: answer.headers.get('location') ?? '' })
    const shown = vci.issuer.asked.filter(({ path }) => /\/(par|token)$/.test(path))
    const verified = await Promise.all(
      shown.map(({ headers }) =>
        verifyClientAttestation({
          attestation: String(headers['oauth-client-attestation']),
          pop: String(headers['oauth-client-attestation-pop']),
          audience: vci.issuer.issuer,
          now: vci.ground.now,
          popMaxAgeSeconds: 60,
          providerKey: () => jwk,
          isFreshChallenge: null,
        }),
      ),
    )
    expect(verified.length).toBeGreaterThan(1)
    expect(new Set(verified.map((it) => it.clientId))).toEqual(new Set(['https://wallet.example']))
    expect(new Set(verified.map((it) => it.jwk.x)).size).toBe(1)
    expect(new Set(verified.map((it) => it.jti)).size).toBe(verified.length)
    expect(shown.every(({ form }) => form.get('client_id') === 'https://wallet.example')).toBe(true)
  })

  it.each([true, false])(
    'repeats the challenge of a server (endpoint: %s)',
    async (hasEndpoint) => {
      const { issuer, behaviour } = vci.issuer
      behaviour.attestationChallenge = 'challenge-1'
      if (hasEndpoint) {
        behaviour.serverMetadata = (it) => ({ ...it, challenge_endpoint: `${issuer}/challenge` })
      }
      const { provider } = await createWalletProvider(() => vci.ground.now)
      const wallet = await vci.open({ provider })
      expect((await vci.receive(wallet, { batch: 1 })).failed).toEqual([])
      expect(vci.issuer.pathsAsked().includes('/tenant/challenge')).toBe(hasEndpoint)
    },
  )

  it('uses another key with each grant, so that nothing links them', async () => {
    const { provider } = await createWalletProvider(() => vci.ground.now)
    const wallet = await vci.open({ provider })
    await vci.receive(wallet, { batch: 1 })
    await vci.receive(wallet, { batch: 1 })
    const shown = vci.issuer.asked.filter(({ path }) => path === '/tenant/token')
    const attestations = new Set(
      shown.map(({ headers }) => {
        const [, payload = ''] = String(headers['oauth-client-attestation']).split('.')
        return (
          JSON.parse(Buffer.from(payload, 'base64url').toString()) as {
            cnf: { jwk: { x: string } }
          }
        ).cnf.jwk.x
      }),
    )
    expect(attestations.size).toBe(2)
  })

  it('without a provider gives up where the server insists on a challenge', async () => {
    vci.issuer.behaviour.attestationChallenge = 'challenge-1'
    await expect(vci.receive(await vci.open())).rejects.toThrow(refusal('issuer_refused'))
  })
})

describe('attested keys', () => {
  const required = { key_attestations_required: { key_storage: ['iso_18045_high'] } }

  it('come with one proof for all of them where the issuer wants both', async () => {
    demandProofs({ jwt: { ...ES256, ...required } })
    const { provider, jwk } = await createWalletProvider(() => vci.ground.now)
    const wallet = await vci.open({ provider })
    expect((await vci.receive(wallet, { batch: 3 })).certificates).toMatchObject([{ copies: 3 }])
    const { jwt = [] } = proofsSent()
    expect(jwt).toHaveLength(1)
    const [encoded = ''] = (jwt[0] ?? '').split('.')
    const header = JSON.parse(Buffer.from(encoded, 'base64url').toString()) as Record<
      string,
      string
    >
    const attested = await verifyKeyAttestation(header['key_attestation'] ?? '', {
      now: vci.ground.now,
      proofType: 'jwt',
      attesterKey: () => jwk,
      maxAgeSeconds: 60,
    })
    expect(attested).toMatchObject({ keyStorage: ['iso_18045_high'] })
    expect(attested.attestedKeys).toHaveLength(3)
  })

  it('come alone by the proof type attestation', async () => {
    demandProofs({ attestation: { ...ES256, ...required } })
    const { provider } = await createWalletProvider(() => vci.ground.now)
    const wallet = await vci.open({ provider })
    expect((await vci.receive(wallet, { batch: 3 })).certificates).toMatchObject([{ copies: 3 }])
    expect(Object.keys(proofsSent())).toEqual(['attestation'])
    expect(proofsSent()['attestation']).toHaveLength(1)
  })

  it.each([
    ['attestations', { jwt: { ...ES256, ...required } }],
    ['the proof type attestation', { attestation: ES256 }],
    ['another algorithm', { jwt: { proof_signing_alg_values_supported: ['ES512'] } }],
    ['another proof type', { di_vp: { proof_signing_alg_values_supported: ['ES256'] } }],
  ])('an issuer that wants %s is refused by a wallet that cannot do it', async (_what, types) => {
    demandProofs(types)
    await expect(vci.receive(await vci.open())).rejects.toThrow(refusal('key_proof_unsupported'))
    expect(vci.issuer.pathsAsked()).not.toContain('/tenant/token')
  })
})
