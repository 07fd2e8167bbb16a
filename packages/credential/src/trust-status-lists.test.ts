import { describe, expect, it } from 'vitest'
import {
  at,
  DAY,
  HOUR,
  issuer,
  listedIssuer,
  listedKey,
  NOW,
  root,
  STATUS_ENTRIES,
  STATUS_URI,
  type StatusListChanges,
  signStatusList,
  signTrustList,
  statusKey,
  stranger,
  trustWith,
} from '../../../test/trust-ground.js'
import { createJws, type Trust, withStatusLists, withTrustList } from './index.js'
import { encodeStatusList, encodeStatuses } from './status-list.js'
import { statusEvidence } from './trust.js'

const evidence = (trust: Trust, index: number, uri = STATUS_URI) =>
  statusEvidence(trust.issuers.get(issuer.signer.did)!, { uri, index })
const take = async (trust: Trust, changes: StatusListChanges = {}, now = NOW) =>
  withStatusLists(trust, [await signStatusList(changes)], now)
const codeOf = async (trust: Trust, changes: StatusListChanges, now = NOW) =>
  (await take(trust, changes, now)).refused[0]?.error.code

describe('a status list', () => {
  it('is taken in and answers for its entries', async () => {
    const trust = await trustWith([await signStatusList({ statuses: [[3, 1]] })])
    expect(evidence(trust, 3)).toEqual({
      status: 1,
      issuedAt: at(-HOUR).getTime() / 1000,
      expiresAt: at(-HOUR + 7 * DAY).getTime() / 1000,
      ttlSeconds: 12 * HOUR,
    })
    expect(evidence(trust, 4)).toMatchObject({ status: 0 })
    expect(evidence(trust, 4, `${STATUS_URI}0`)).toBe('missing')
    expect(evidence(trust, STATUS_ENTRIES - 1)).toMatchObject({ status: 0 })
    expect(() => evidence(trust, STATUS_ENTRIES)).toThrow(
      expect.objectContaining({ code: 'status_index_out_of_range' }),
    )
  })

  it('changes nothing in the trust it was taken into', async () => {
    const before = await trustWith([])
    const { trust } = await take(before)
    expect(evidence(before, 0)).toBe('missing')
    expect(before.timeFloor).toBe(0)
    expect(evidence(trust, 0)).toMatchObject({ status: 0 })
  })

  it('that is refused does not stop the others', async () => {
    const good = await signStatusList()
    const forged = await signStatusList({ signer: stranger.signer })
    const { trust, refused } = await withStatusLists(await trustWith([]), ['x', forged, good], NOW)
    expect(refused.map(({ index, error }) => [index, error.code])).toEqual([
      [0, 'malformed_jws'],
      [1, 'status_issuer_untrusted'],
    ])
    expect(evidence(trust, 0)).toMatchObject({ status: 0 })
  })

  it('is refused from whoever is not listed for status, or beyond the issuer’s prefix', async () => {
    const trust = await trustWith([])
    expect(await codeOf(trust, { signer: issuer.signer })).toBe('status_issuer_untrusted')
    expect(await codeOf(trust, { uri: 'https://issuer.example/other/1' })).toBe(
      'status_issuer_untrusted',
    )
    expect(await codeOf(trust, { uri: 'https://issuer.example.evil/status/1' })).toBe(
      'status_issuer_untrusted',
    )
  })

  it('counts only for the issuer whose key signed it', async () => {
    const other = listedIssuer({
      did: stranger.signer.did,
      keys: [listedKey(stranger, 'credential'), listedKey(stranger, 'status')],
    })
    const empty = await trustWith([], { issuers: [listedIssuer(), other] })
    const { trust } = await take(empty, { signer: stranger.signer })
    expect(evidence(trust, 0)).toBe('missing')
    const reference = { uri: STATUS_URI, index: 0 }
    expect(statusEvidence(trust.issuers.get(other.did)!, reference)).toMatchObject({ status: 0 })
  })

  it('is refused when its key did not count at its iat or does not now', async () => {
    const window = (notBefore: Date, notAfter: Date) => ({
      issuers: [listedIssuer({ keys: [listedKey(statusKey, 'status', { notBefore, notAfter })] })],
    })
    const code = async (from: number, to: number) =>
      codeOf(await trustWith([], window(at(from), at(to))), {})
    expect(await code(-HOUR, 0)).toBeUndefined()
    expect(await code(-HOUR + 1, 0)).toBe('key_outside_window')
    expect(await code(-HOUR, -1)).toBe('key_outside_window')
  })

  it('older than the one at hand is refused, one of the same second is taken', async () => {
    const { trust } = await take(await trustWith([]), { issuedAt: at(-HOUR) })
    expect(await codeOf(trust, { issuedAt: at(-HOUR - 1) })).toBe('status_list_older')
    expect(await codeOf(trust, { issuedAt: at(-HOUR) })).toBeUndefined()
    expect(await codeOf(trust, { issuedAt: at(-HOUR + 1) })).toBeUndefined()
  })

  it('never takes a revocation back, but does lift a suspension', async () => {
    const first = await take(await trustWith([]), {
      statuses: [
        [3, 1],
        [4, 2],
      ],
    })
    const second = await take(first.trust, { issuedAt: at(-60), statuses: [[5, 1]] })
    const states = [3, 4, 5, 6].map((index) => evidence(second.trust, index))
    expect(states.map((state) => (state === 'missing' ? state : state.status))).toEqual([
      1, 0, 1, 0,
    ])
    const third = await take(second.trust, { issuedAt: at(-30), statuses: [[3, 2]] })
    expect(evidence(third.trust, 3)).toMatchObject({ status: 1 })
  })

  it('that lost entries or changed its width is refused', async () => {
    const { trust } = await take(await trustWith([]))
    const newer = { issuedAt: at(-60) }
    expect(await codeOf(trust, { ...newer, entries: 512 })).toBe('status_list_malformed')
    expect(await codeOf(trust, { ...newer, bits: 1 })).toBe('status_list_malformed')
    expect(await codeOf(trust, { ...newer, entries: 2_048 })).toBeUndefined()
  })

  it('is taken in from up to 24 hours ahead of the clock, and moves the time floor', async () => {
    const trust = await trustWith([])
    expect(await codeOf(trust, { issuedAt: at(DAY + 1) })).toBe('time_not_yet_valid')
    const ahead = await take(trust, { issuedAt: at(DAY) })
    expect(ahead.refused).toEqual([])
    expect(ahead.trust.timeFloor).toBe(at(DAY).getTime() / 1000)
  })

  it('that is refused leaves the time floor where it is', async () => {
    const { trust } = await take(await trustWith([]))
    const floor = at(-HOUR).getTime() / 1000
    expect(trust.timeFloor).toBe(floor)
    for (const changes of [
      { issuedAt: at(HOUR), signer: stranger.signer },
      { issuedAt: at(HOUR), uri: 'https://elsewhere.example/1' },
      { issuedAt: at(-2 * HOUR) },
      { issuedAt: at(2 * DAY) },
    ]) {
      const next = await take(trust, changes)
      expect(next.refused).toHaveLength(1)
      expect(next.trust.timeFloor).toBe(floor)
    }
  })

  it('past its end is kept for what it revoked, and one without an end is refused', async () => {
    const old = { issuedAt: at(-8 * DAY), statuses: [[3, 1]] } as const
    const { trust, refused } = await take(await trustWith([]), old)
    expect(refused).toEqual([])
    expect(evidence(trust, 3)).toMatchObject({ status: 1, expiresAt: at(-DAY).getTime() / 1000 })
    const endless = await createJws({
      header: { typ: 'statuslist+jwt', kid: statusKey.signer.keyId },
      payload: {
        sub: STATUS_URI,
        iat: at(0).getTime() / 1000,
        status_list: encodeStatusList({ bits: 1, bytes: encodeStatuses(1, [0]) }),
      },
      signer: statusKey.signer,
    })
    const result = await withStatusLists(await trustWith([]), [endless], NOW)
    expect(result.refused[0]?.error.code).toBe('status_token_claim_missing')
  })

  it('counts for seven days at most, and is fresh for a minute to a day', async () => {
    const of = async (changes: StatusListChanges) =>
      evidence((await take(await trustWith([]), changes)).trust, 0)
    expect(await of({ expiresAt: at(300 * DAY) })).toMatchObject({
      expiresAt: at(-HOUR + 7 * DAY).getTime() / 1000,
    })
    expect(await of({ ttlSeconds: 1e9 })).toMatchObject({ ttlSeconds: DAY })
    expect(await of({ ttlSeconds: 1 })).toMatchObject({ ttlSeconds: 60 })
  })
})

describe('trust under a newer trust list', () => {
  const options = { rootDids: [root.signer.did], now: NOW, graceSeconds: 0 }
  const renew = async (trust: Trust, changes: Parameters<typeof signTrustList>[0]) =>
    withTrustList(trust, { ...options, trustListToken: await signTrustList(changes) })

  it('keeps the status lists of an issuer with the same status key, and the time floor', async () => {
    const trust = await trustWith([await signStatusList()])
    const next = await renew(trust, { sequence: 8 })
    expect(next.trustList.sequence).toBe(8)
    expect(evidence(next, 0)).toMatchObject({ status: 0 })
    expect(next.timeFloor).toBe(trust.timeFloor)
  })

  it('drops the status lists of a status key that is no longer listed', async () => {
    const trust = await trustWith([await signStatusList()])
    const keys = [listedKey(issuer, 'credential'), listedKey(stranger, 'status')]
    const next = await renew(trust, { sequence: 8, issuers: [listedIssuer({ keys })] })
    expect(evidence(next, 0)).toBe('missing')
    expect(next.timeFloor).toBe(trust.timeFloor)
  })

  it('drops the lists of a withdrawn status key although another one stays', async () => {
    const both = [
      listedKey(issuer, 'credential'),
      listedKey(statusKey, 'status'),
      listedKey(stranger, 'status'),
    ]
    const other = `${STATUS_URI}0`
    const trust = await trustWith(
      [await signStatusList(), await signStatusList({ uri: other, signer: stranger.signer })],
      { issuers: [listedIssuer({ keys: both })] },
    )
    const next = await renew(trust, {
      sequence: 8,
      issuers: [listedIssuer({ keys: both.slice(0, 2) })],
    })
    expect(evidence(next, 0)).toMatchObject({ status: 0 })
    expect(evidence(next, 0, other)).toBe('missing')
  })

  it('drops the lists of a status key that was taken back, and takes none of it in', async () => {
    const token = await signStatusList()
    const trust = await trustWith([token])
    const revokedAt = at(-2 * HOUR)
    const keys = [
      listedKey(issuer, 'credential'),
      listedKey(statusKey, 'status', { notAfter: revokedAt, revokedAt }),
    ]
    const next = await renew(trust, { sequence: 8, issuers: [listedIssuer({ keys })] })
    expect(evidence(next, 0)).toBe('missing')
    const { refused } = await withStatusLists(next, [token], NOW)
    expect(refused[0]?.error.code).toBe('key_revoked')
  })

  it('never goes back', async () => {
    const trust = await trustWith([])
    await expect(renew(trust, { sequence: 7 })).resolves.toBeDefined()
    await expect(renew(trust, { sequence: 6 })).rejects.toMatchObject({ code: 'trust_list_older' })
  })
})
