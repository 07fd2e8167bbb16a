import { readFileSync } from 'node:fs'
import {
  applyStatusDelta,
  createEmptyStatusList,
  createJws,
  createStatusDelta,
  generateSigner,
  parseStatusDelta,
  signatureAlgorithms,
  STATUS_DELTA_TYP,
  type StatusBits,
  type StatusList,
  statusListDigest,
  statusTokenLimits,
  verifyStatusDelta,
  writeStatus,
} from '@netcert/credential'
import { importVerifyingKey } from '@netcert/credential/crypto'
import { describe, expect, it } from 'vitest'

type Changes = {
  readonly title: string
  readonly bits: StatusBits
  readonly before_hex?: string
  readonly after_hex?: string
  readonly entries?: number
  readonly set?: readonly [index: number, status: number][]
  readonly changes: string
  readonly code?: string
}
type Vectors = {
  readonly now: number
  readonly changes: { readonly accept: readonly Changes[]; readonly reject: readonly Changes[] }
}
const vectors = JSON.parse(
  readFileSync(new URL('../../docs/formats/vectors/offline-pack.json', import.meta.url), 'utf8'),
) as Vectors
const now = new Date(vectors.now * 1000)

describe('docs/formats/offline-pack.md, status deltas', async () => {
  const { signer, jwk } = await generateSigner('ES256')
  const key = await importVerifyingKey(jwk)
  const listOf = (bits: StatusBits, hex: string): StatusList => ({
    bits,
    bytes: new Uint8Array(Buffer.from(hex, 'hex')),
  })
  const beforeOf = ({ bits, before_hex: hex, entries = 0 }: Changes) =>
    hex === undefined ? createEmptyStatusList(bits, entries) : listOf(bits, hex)
  const life = { issuedAt: now, expiresAt: new Date(now.getTime() + 1000), ttlSeconds: 60 }

  it.each(vectors.changes.accept)('writes and reads $title', async (vector) => {
    const before = beforeOf(vector)
    const after = listOf(vector.bits, vector.after_hex ?? '')
    const expected = vector.set ? createEmptyStatusList(vector.bits, vector.entries!) : after
    for (const [index, status] of vector.set ?? []) writeStatus(expected, index, status)
    const text = await createStatusDelta({ uri: 'x:y', before, after: expected, signer, ...life })
    const jwt = parseStatusDelta(text, signatureAlgorithms, statusTokenLimits)
    const delta = await verifyStatusDelta(jwt, [{ keyId: signer.keyId, key }])
    expect(delta.changes).toBe(vector.changes)
    expect(applyStatusDelta(before, delta)).toEqual(expected)
  })

  it.each(vectors.changes.reject)('refuses $title', async (vector) => {
    const before = beforeOf(vector)
    const digest = statusListDigest(before)
    const text = await createJws({
      header: { typ: STATUS_DELTA_TYP, kid: signer.keyId },
      payload: {
        ...{ sub: 'x:y', iat: 1, exp: 2, ttl: 1, bits: vector.bits },
        ...{ base: digest, result: digest, changes: vector.changes },
      },
      signer,
    })
    const jwt = parseStatusDelta(text, signatureAlgorithms, statusTokenLimits)
    const delta = await verifyStatusDelta(jwt, [{ keyId: signer.keyId, key }])
    expect(() => applyStatusDelta(before, delta)).toThrow(
      expect.objectContaining({ code: vector.code }),
    )
  })
})
