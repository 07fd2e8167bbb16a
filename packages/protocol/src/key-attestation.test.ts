import { generateSigner, type PublicJwk } from '@netcert/credential'
import { beforeAll, describe, expect, it } from 'vitest'
import { createKeyAttestation, verifyKeyAttestation } from './key-attestation.js'

const now = new Date('2026-03-01T08:00:00Z')
const issuedAt = now
const expiresAt = new Date(now.getTime() + 3_600_000)
const header = { kid: 'attester-1' }
type Key = Awaited<ReturnType<typeof generateSigner>>
let attester: Key
let keys: PublicJwk[]

beforeAll(async () => {
  attester = await generateSigner('ES256')
  const made = Array.from({ length: 21 }, async () => (await generateSigner('ES256')).jwk)
  keys = await Promise.all(made)
})

async function judge(attestedKeys: readonly PublicJwk[]): Promise<string | number> {
  const { signer, jwk } = attester
  const attestation = await createKeyAttestation({
    ...{ signer, header, attestedKeys, issuedAt, expiresAt, nonce: null },
  })
  const verified = verifyKeyAttestation(attestation, {
    ...{ now, proofType: 'jwt', maxAgeSeconds: 300 },
    attesterKey: async () => jwk,
  })
  return verified.then(
    (found) => found.attestedKeys.length,
    (error: { code?: string }) => String(error.code),
  )
}

describe('a key attestation', () => {
  it.each([
    [1, 1],
    [19, 19],
    [20, 20],
    [21, 'key_attestation_invalid'],
    [0, 'key_attestation_invalid'],
  ])('of %i keys attests %s', async (count, expected) => {
    expect(await judge(keys.slice(0, count))).toBe(expected)
  })

  it('is refused when a key stands in it twice', async () => {
    const [key] = keys
    expect(await judge([key!, key!])).toBe('key_attestation_invalid')
  })
})
