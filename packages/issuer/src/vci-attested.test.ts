import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateSigner, jwkThumbprint, type PublicJwk, type Signer } from '@netcert/credential'
import { inspectCredential } from '@netcert/credential/holder'
import { createKeyAttestation, createKeyProof, issuedResponseSchema } from '@netcert/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type CredentialIssuerGround,
  type HolderKey,
  ISSUER,
  newHolderKeys,
  startCredentialIssuer,
} from '../../../test/credential-issuer-ground.js'
import { databasesOn } from '../../../test/database-engines.js'
import { readKeyAttesters } from './vci-key-attesters.js'

describe('key attestations', () => {
  const databases = databasesOn('sqlite')
  let test: CredentialIssuerGround
  let attester: { signer: Signer; jwk: PublicJwk }
  let dir = ''

  beforeAll(async () => {
    attester = await generateSigner('ES256')
    dir = await mkdtemp(join(tmpdir(), 'netcert-attesters-'))
    const attesters = [{ jwks: { keys: [{ ...attester.jwk, kid: 'attester-1', alg: 'ES256' }] } }]
    await writeFile(join(dir, 'key-attesters.json'), JSON.stringify({ attesters }))
    const keyAttesters = await readKeyAttesters({ dir, clock: () => test.now })
    test = await startCredentialIssuer({ databases, keyAttesters: keyAttesters! })
  })
  afterAll(async () => {
    await test.close()
    await rm(dir, { recursive: true })
  })

  type Attesting = {
    readonly nonce: string | null
    readonly by?: Signer
    readonly expiresAt?: Date | null
    readonly kid?: string
  }
  const attest = (keys: readonly HolderKey[], options: Attesting) =>
    createKeyAttestation({
      signer: options.by ?? attester.signer,
      header: { kid: options.kid ?? 'attester-1' },
      attestedKeys: keys.map(({ jwk }) => jwk),
      issuedAt: test.now,
      expiresAt:
        options.expiresAt === undefined ? new Date(test.now.getTime() + 60_000) : options.expiresAt,
      nonce: options.nonce,
      keyStorage: ['iso_18045_high'],
    })
  const ask = (proofs: object) =>
    test.post('/credential', {
      token: test.grant({}),
      body: { credential_configuration_id: 'network-certificate', proofs },
    })
  const errorOf = async (response: Response) => [
    response.status,
    ((await response.json()) as { error: string }).error,
  ]
  const boundTo = async (response: Response) => {
    const { credentials } = issuedResponseSchema.parse(await response.json())
    const copies = await Promise.all(
      credentials.map(({ credential }) => inspectCredential(credential)),
    )
    return new Set(copies.map((copy) => jwkThumbprint(copy.holderJwk)))
  }
  const proofWith = async (key: HolderKey, nonce: string, keyAttestation: string) =>
    createKeyProof({
      ...key,
      keyBy: 'jwk',
      audience: ISSUER,
      issuedAt: test.now,
      nonce,
      clientId: null,
      keyAttestation,
    })
  const thumbprints = (keys: readonly HolderKey[]) =>
    new Set(keys.map(({ jwk }) => jwkThumbprint(jwk)))

  it('are a proof for all their keys', async () => {
    const keys = await newHolderKeys(4)
    const nonce = await test.nonce()
    const response = await ask({ attestation: [await attest(keys, { nonce })] })
    expect(response.status).toBe(200)
    expect(await boundTo(response)).toEqual(thumbprints(keys))
  })

  it('in the header of one proof stand for the whole batch', async () => {
    const keys = await newHolderKeys(3)
    const nonce = await test.nonce()
    const attestation = await attest(keys, { nonce })
    const response = await ask({ jwt: [await proofWith(keys[1]!, nonce, attestation)] })
    expect(await boundTo(response)).toEqual(thumbprints(keys))
  })

  it('are announced', async () => {
    const response = await fetch(`${test.origin}/.well-known/openid-credential-issuer/tenant`)
    expect(JSON.stringify(await response.json())).toContain('"attestation":{"proof_signing')
  })

  it('are refused from a stranger, altered, ended, without nonce, and with an old one', async () => {
    const keys = await newHolderKeys(1)
    const nonce = await test.nonce()
    const refused = async (options: Attesting) =>
      errorOf(await ask({ attestation: [await attest(keys, options)] }))
    const stranger = (await generateSigner('ES256')).signer
    const invalid = [400, 'invalid_proof']
    expect(await refused({ nonce, by: stranger })).toEqual(invalid)
    expect(await refused({ nonce, kid: 'attester-2' })).toEqual(invalid)
    expect(await refused({ nonce, expiresAt: new Date(test.now.getTime() - 61_000) })).toEqual(
      invalid,
    )
    expect(await refused({ nonce: null })).toEqual(invalid)
    expect(await refused({ nonce: 'x'.repeat(43) })).toEqual([400, 'invalid_nonce'])
    expect(await errorOf(await ask({ attestation: [] }))).toEqual(invalid)
    const one = await attest(keys, { nonce })
    expect(await errorOf(await ask({ attestation: [one, one] }))).toEqual(invalid)
  })

  it('in a proof must name its key, end, and have its nonce', async () => {
    const keys = await newHolderKeys(2)
    const nonce = await test.nonce()
    const refused = async (key: HolderKey, attested: readonly HolderKey[], options: Attesting) => {
      const jwt = await proofWith(key, nonce, await attest(attested, options))
      return errorOf(await ask({ jwt: [jwt] }))
    }
    const invalid = [400, 'invalid_proof']
    expect(await refused(keys[0]!, [keys[1]!], { nonce })).toEqual(invalid)
    expect(await refused(keys[0]!, keys, { nonce, expiresAt: null })).toEqual(invalid)
    expect(await refused(keys[0]!, keys, { nonce: await test.nonce() })).toEqual(invalid)
  })

  it('are not looked at without the file, and a broken file is refused', async () => {
    const clock = () => test.now
    expect(await readKeyAttesters({ dir: join(dir, 'nowhere'), clock })).toBeNull()
    for (const text of ['{', '{}', '{"attesters":[{"jwks":{"keys":[{"kty":"EC"}]}}]}']) {
      const other = await mkdtemp(join(tmpdir(), 'netcert-attesters-'))
      await writeFile(join(other, 'key-attesters.json'), text)
      await expect(readKeyAttesters({ dir: other, clock })).rejects.toMatchObject({
        code: 'key_attesters_malformed',
      })
      await rm(other, { recursive: true })
    }
  })
})
