import { readFileSync } from 'node:fs'
import {
  type CredentialError,
  followRoot,
  type JsonObject,
  pinnedRoots,
  pinRoot,
  type RootPin,
  verifyTrustList,
} from '@netcert/credential'
import { describe, expect, it } from 'vitest'

type FollowVector = { title: string; token: string; pin?: RootPin; code?: string }
type TrustListVector = { title: string; token: string; policy?: object; code: string }
const trustLists: {
  now: number
  policy: { root_dids: string[]; grace_seconds: number; minimum_sequence: number }
  accept: (TrustListVector & { payload?: JsonObject })[]
  reject: TrustListVector[]
  revoked: { token: string; revoked_at: number }
  follow: { chains: { title: string; lists: FollowVector[] }[] }
} = JSON.parse(
  readFileSync(new URL('../../docs/formats/vectors/trust-list.json', import.meta.url), 'utf8'),
)

describe('docs/formats/trust-list.md', () => {
  const verify = ({ token, policy }: TrustListVector) => {
    const merged = { ...trustLists.policy, ...policy }
    return verifyTrustList({
      token,
      rootDids: merged.root_dids,
      now: new Date(trustLists.now * 1000),
      graceSeconds: merged.grace_seconds,
      minimumSequence: merged.minimum_sequence,
    })
  }

  it.each(trustLists.accept)('accepts $title', async (vector) => {
    const list = await verify(vector)
    if (vector.payload === undefined) return
    expect(list.sequence).toBe(vector.payload['sequence'])
    expect(list.issuers.map(({ did }) => did)).toEqual(
      (vector.payload['issuers'] as JsonObject[]).map(({ iss }) => iss),
    )
  })

  it.each(trustLists.reject)('refuses $title', async (vector) => {
    await expect(verify(vector)).rejects.toThrow(expect.objectContaining({ code: vector.code }))
  })

  it('cuts the window of a key where it was taken back, and says when', async () => {
    const list = await verify({ title: '', code: '', token: trustLists.revoked.token })
    const at = new Date(trustLists.revoked.revoked_at * 1000)
    const keys = list.issuers.flatMap((issuer) => issuer.keys)
    expect(keys.find(({ use }) => use === 'credential')).toMatchObject({
      notAfter: new Date(at.getTime() - 1000),
      revokedAt: at,
    })
    expect(keys.find(({ use }) => use === 'status')).not.toHaveProperty('revokedAt')
  })

  it.each(trustLists.follow.chains)('$title', async ({ lists }) => {
    let pin = pinRoot(trustLists.policy.root_dids[0]!)
    let sequence = 0
    for (const { title, token, code, pin: after } of lists) {
      const verified = verifyTrustList({
        token,
        rootDids: pinnedRoots(pin),
        now: new Date(trustLists.now * 1000),
        graceSeconds: 0,
        minimumSequence: sequence,
      })
      const outcome = await verified.catch((error: CredentialError) => error.code)
      expect(typeof outcome === 'string' ? outcome : undefined, title).toBe(code)
      if (typeof outcome === 'string') continue
      pin = followRoot(pin, outcome)
      sequence = outcome.sequence
      expect(pin, title).toEqual(after)
    }
  })
})
