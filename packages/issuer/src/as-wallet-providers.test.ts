import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { generateSigner, type PrivateJwk } from '@netcert/credential'
import {
  createCertificateAuthority,
  createClientAttestation,
  createClientAttestationPop,
  issueLeafCertificate,
  verifyClientAttestation,
} from '@netcert/protocol'
import { exportJWK, generateKeyPair } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/issuer-ground.js'
import { readWalletProviders } from './as-wallet-providers.js'

const NOW = new Date()
const HOUR = 3_600_000
const validity = {
  notBefore: new Date(NOW.getTime() - HOUR),
  notAfter: new Date(NOW.getTime() + HOUR),
}
const AUDIENCE = 'https://issuer.example'

async function authority(name: string) {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const { kty, crv, x, y, d } = await exportJWK(privateKey)
  const key = { kty, crv, x, y, d } as PrivateJwk
  return { key, certificate: await createCertificateAuthority({ name, key, ...validity }) }
}

const pem = (certificate: string) =>
  `-----BEGIN CERTIFICATE-----\n${certificate}\n-----END CERTIFICATE-----\n`

describe('trusted wallet providers', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  beforeAll(async () => {
    folder = await temporaryFolder()
  })
  afterAll(() => folder.remove())
  const configure = (content: unknown) =>
    writeFile(
      join(folder.path, 'wallet-providers.json'),
      typeof content === 'string' ? content : JSON.stringify(content),
    )

  /** An attestation whose provider is certified by `by`, checked as the server would. */
  const attestBy = async (by: Awaited<ReturnType<typeof authority>>) => {
    const provider = await generateSigner('ES256')
    const wallet = await generateSigner('ES256')
    const leaf = await issueLeafCertificate({
      authority: by,
      subjectKey: provider.jwk,
      name: 'Wallet provider',
      dnsNames: [],
      uris: [],
      ...validity,
    })
    const attestation = await createClientAttestation({
      signer: provider.signer,
      header: { x5c: [leaf] },
      clientId: 'wallet',
      clientJwk: wallet.jwk,
      issuedAt: NOW,
      expiresAt: validity.notAfter,
    })
    const pop = await createClientAttestationPop({
      signer: wallet.signer,
      clientId: 'wallet',
      audience: AUDIENCE,
      jti: 'once',
      issuedAt: NOW,
    })
    const { keyOf } = await readWalletProviders(folder.path)
    return verifyClientAttestation({
      attestation,
      pop,
      audience: AUDIENCE,
      now: NOW,
      popMaxAgeSeconds: 300,
      providerKey: keyOf(NOW),
      isFreshChallenge: null,
    })
  }

  it('are none without the file', async () => {
    expect(await readWalletProviders(join(folder.path, 'elsewhere'))).toMatchObject({
      any: false,
      required: false,
    })
  })

  it('are those whose certificate an authority of the file has signed, and no others', async () => {
    const trusted = await authority('Trusted')
    await writeFile(join(folder.path, 'anchors.pem'), pem(trusted.certificate))
    await configure({ required: true, anchors: 'anchors.pem' })
    expect(await readWalletProviders(folder.path)).toMatchObject({ any: true, required: true })
    await expect(attestBy(trusted)).resolves.toMatchObject({ clientId: 'wallet' })
    await expect(attestBy(await authority('Trusted'))).rejects.toThrow(/refused/)
    await configure({ providers: [] })
    await expect(attestBy(trusted)).rejects.toThrow(/refused/)
  })

  it.each([
    ['no JSON', '{'],
    ['no list', { providers: 1 }],
    ['a provider without keys', { providers: [{ jwks: { keys: [] } }] }],
    ['a private key', { providers: [{ jwks: { keys: [{ kty: 'EC', crv: 'P-256', d: 'x' }] } }] }],
    ['a file of authorities that is not there', { anchors: 'missing.pem' }],
  ])('are refused at start when the file holds %s', async (_what, content) => {
    await configure(content)
    await expect(readWalletProviders(folder.path)).rejects.toMatchObject({
      code: 'wallet_providers_malformed',
    })
  })
})
