import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  at,
  DAY,
  HOUR,
  issuer,
  listedIssuer,
  listedKey,
  NOW,
  STATUS_PREFIX,
  STATUS_URI,
  signStatusList,
  statusKey,
  stranger,
  trustWith,
} from '../../../test/trust-ground.js'
import { encodeBase64Url } from './base64url.js'
import {
  createJws,
  type JsonObject,
  type Signer,
  type Trust,
  withStatusDeltas,
  withStatusLists,
} from './index.js'
import { applyStatusChanges, encodeStatusChanges } from './status-changes.js'
import { createStatusDelta, STATUS_DELTA_TYP, statusListDigest } from './status-delta.js'
import { createEmptyStatusList, type StatusList, unreadBytes, writeStatus } from './status-list.js'
import { statusEvidence } from './trust.js'

type Statuses = readonly (readonly [index: number, status: number])[]

const listOf = (statuses: Statuses, bits: 1 | 2 = 2, entries = 1024): StatusList => {
  const list = createEmptyStatusList(bits, entries)
  for (const [index, status] of statuses) writeStatus(list, index, status)
  return list
}
const BEFORE: Statuses = [
  [3, 1],
  [4, 2],
]
const AFTER: Statuses = [
  [3, 1],
  [5, 1],
  [1023, 2],
]
type Wish = {
  readonly before?: StatusList
  readonly after?: StatusList
  readonly issuedAt?: Date
  readonly uri?: string
  readonly signer?: Signer
}
const deltaOf = ({ issuedAt = at(-60), ...wish }: Wish = {}) =>
  createStatusDelta({
    uri: STATUS_URI,
    before: listOf(BEFORE),
    after: listOf(AFTER),
    signer: statusKey.signer,
    issuedAt,
    expiresAt: new Date(issuedAt.getTime() + 7 * DAY * 1000),
    ttlSeconds: 12 * HOUR,
    ...wish,
  })
/** A delta with these members instead of the right ones, well signed. */
const alteredDelta = (members: JsonObject, header: JsonObject = {}) =>
  createJws({
    header: { typ: STATUS_DELTA_TYP, kid: statusKey.signer.keyId, ...header },
    payload: {
      ...{ sub: STATUS_URI, iat: at(-60).getTime() / 1000, exp: at(DAY).getTime() / 1000 },
      ...{ ttl: 43_200, bits: 2, base: statusListDigest(listOf(BEFORE)) },
      result: statusListDigest(listOf(AFTER)),
      changes: encodeStatusChanges(listOf(BEFORE), listOf(AFTER)),
      ...members,
    },
    signer: statusKey.signer,
  })
const holder = async (statuses: Statuses = BEFORE): Promise<Trust> =>
  trustWith([await signStatusList({ statuses })])
const statusOf = (trust: Trust, index: number) =>
  statusEvidence(trust.issuers.get(issuer.signer.did)!, { uri: STATUS_URI, index })
const codeOf = async (delta: string, trust?: Trust, now = NOW) => {
  const held = trust ?? (await holder())
  const { refused, trust: after } = await withStatusDeltas(held, [delta], now)
  // What is refused leaves everything as it was.
  if (refused.length > 0) expect(after.issuers).toEqual(held.issuers)
  return refused[0]?.error.code
}

describe('a status delta', () => {
  it('brings a list to its new version, with its times', async () => {
    const { trust, refused } = await withStatusDeltas(await holder(), [await deltaOf()], NOW)
    expect(refused).toEqual([])
    expect([3, 4, 5, 1023].map((index) => statusOf(trust, index))).toMatchObject([
      { status: 1 },
      { status: 0 },
      { status: 1 },
      { status: 2, issuedAt: at(-60).getTime() / 1000, ttlSeconds: 43_200 },
    ])
    expect(trust.timeFloor).toBe(at(-60).getTime() / 1000)
  })

  it('leaves a list that nobody has read as small as it was, and brings it to the same state', async () => {
    const tokens = [await signStatusList({ statuses: BEFORE })]
    const small = await withStatusLists(await trustWith([]), tokens, NOW, 'later')
    const first = await withStatusDeltas(small.trust, [await deltaOf()], NOW)
    const then: Statuses = [...AFTER, [700, 1]]
    const next = await deltaOf({ before: listOf(AFTER), after: listOf(then), issuedAt: at(-30) })
    const second = await withStatusDeltas(first.trust, [next], NOW)
    expect([...first.refused, ...second.refused]).toEqual([])
    for (const { trust } of [small, first, second]) {
      const held = trust.issuers.get(issuer.signer.did)!.statusLists.get(STATUS_URI)!
      expect(unreadBytes(held.list)).not.toBeNull()
    }
    expect(listOf(then).bytes).toEqual(
      second.trust.issuers.get(issuer.signer.did)!.statusLists.get(STATUS_URI)!.list.bytes,
    )
    expect(await codeOf(await deltaOf({ before: listOf([[1, 1]]) }), small.trust)).toBe(
      'status_delta_base',
    )
  })

  it('without a change renews how long the list counts', async () => {
    const same = await deltaOf({ after: listOf(BEFORE) })
    const { trust, refused } = await withStatusDeltas(await holder(), [same], NOW)
    expect(refused).toEqual([])
    expect(statusOf(trust, 4)).toMatchObject({ status: 2, issuedAt: at(-60).getTime() / 1000 })
  })

  it('lifts a suspension, and no revocation, whatever it says', async () => {
    const lifted: Statuses = [
      [3, 0],
      [4, 0],
    ]
    const delta = await deltaOf({ after: listOf(lifted) })
    const { trust } = await withStatusDeltas(await holder(), [delta], NOW)
    expect(statusOf(trust, 4)).toMatchObject({ status: 0 })
    expect(statusOf(trust, 3)).toMatchObject({ status: 1 })
    // What is held is not what the issuer says any more, so the next delta does not fit: a full list does.
    const next = await deltaOf({ before: listOf(lifted), after: listOf([[9, 1]]) })
    expect(await codeOf(next, trust)).toBe('status_delta_base')
  })

  it('is refused for another version, another width, or a list that is not at hand', async () => {
    expect(await codeOf(await deltaOf(), await holder([[7, 1]]))).toBe('status_delta_base')
    expect(await codeOf(await deltaOf(), await trustWith([]))).toBe('status_delta_base')
    const narrow = { before: listOf([[3, 1]], 1), after: listOf([[4, 1]], 1) }
    expect(await codeOf(await deltaOf(narrow))).toBe('status_delta_base')
    const other = await deltaOf({ uri: `${STATUS_PREFIX}2` })
    expect(await codeOf(other)).toBe('status_delta_base')
  })

  it('is refused when it is older than the list at hand, or from the future', async () => {
    expect(await codeOf(await deltaOf({ issuedAt: at(-2 * HOUR) }))).toBe('status_list_older')
    expect(await codeOf(await deltaOf({ issuedAt: at(DAY + 60) }))).toBe('time_not_yet_valid')
  })

  it('is refused when anybody but a listed status key signed it', async () => {
    const by = (signer: Signer) => deltaOf({ signer })
    expect(await codeOf(await by(stranger.signer))).toBe('status_issuer_untrusted')
    expect(await codeOf(await by(issuer.signer))).toBe('status_issuer_untrusted')
    const outside = await deltaOf({ uri: 'https://other.example/status/1' })
    expect(await codeOf(outside)).toBe('status_issuer_untrusted')
    const [header, , signature] = (await deltaOf()).split('.')
    const [, payload] = (await deltaOf({ after: listOf([]) })).split('.')
    expect(await codeOf(`${header}.${payload}.${signature}`)).toBe('bad_signature')
    const brought = await alteredDelta({}, { jwk: {} })
    expect(await codeOf(brought)).toBe('header_invalid')
    expect(await codeOf(await alteredDelta({}, { typ: 'statuslist+jwt' }))).toBe('typ_mismatch')
  })

  it('is refused when its key does not count now, or did not then', async () => {
    const listing = async (changes: object) =>
      trustWith([], {
        issuers: [
          listedIssuer({
            keys: [listedKey(issuer, 'credential'), listedKey(statusKey, 'status', changes)],
          }),
        ],
      })
    const delta = await deltaOf()
    expect(await codeOf(delta, await listing({ notAfter: at(-120) }))).toBe('key_outside_window')
    expect(await codeOf(delta, await listing({ notBefore: at(-30) }))).toBe('key_outside_window')
    expect(await codeOf(delta, await listing({ revokedAt: at(-90) }))).toBe('key_revoked')
  })

  it('is refused when it leads elsewhere than it says', async () => {
    const result = statusListDigest(listOf([[9, 1]]))
    expect(await codeOf(await alteredDelta({ result }))).toBe('status_delta_result')
    const changes = encodeStatusChanges(listOf(BEFORE), listOf([[9, 1]]))
    expect(await codeOf(await alteredDelta({ changes }))).toBe('status_delta_result')
  })

  it.each([
    ['bits of another width', { bits: 4 }],
    ['no changes', { changes: 7 }],
    ['a base that is no hash', { base: 'x' }],
    ['a result that is no hash', { result: null }],
    ['an entry beyond the list', { changes: encodeBase64Url(Uint8Array.of(0x80, 0x10, 1)) }],
    ['a value too wide', { changes: encodeBase64Url(Uint8Array.of(0, 4)) }],
    ['a change that is none', { changes: encodeBase64Url(Uint8Array.of(3, 1)) }],
    ['a cut number', { changes: encodeBase64Url(Uint8Array.of(0x80)) }],
    ['a position without value', { changes: encodeBase64Url(Uint8Array.of(0)) }],
    ['a number longer than needed', { changes: encodeBase64Url(Uint8Array.of(0x80, 0, 1)) }],
    ['a number too large', { changes: encodeBase64Url(Uint8Array.of(255, 255, 255, 255, 1, 1)) }],
  ])('is refused with %s', async (_what, members) => {
    expect(await codeOf(await alteredDelta(members))).toBe('status_delta_malformed')
  })

  it('is refused without what a list needs', async () => {
    expect(await codeOf(await alteredDelta({ exp: null }))).toBe('time_malformed')
    expect(await codeOf(await alteredDelta({ ttl: 0 }))).toBe('status_ttl_malformed')
    expect(await codeOf(await alteredDelta({ changes: 'AA=' }))).toBe('bad_base64url')
    expect(await codeOf('x'.repeat(4 * 1024 * 1024 + 1))).toBe('too_large')
  })
})

describe('the changes of a list', () => {
  it('lead from any state to any other, by one text each', () => {
    const states = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 64, maxLength: 64 })
    fc.assert(
      fc.property(states, states, fc.constantFrom(1 as const, 2 as const), (from, to, bits) => {
        const list = (values: readonly number[]) =>
          listOf(
            values.map((value, index) => [index, value % 2 ** bits] as const),
            bits,
            64,
          )
        const changes = encodeStatusChanges(list(from), list(to))
        const { list: changed, takesBack } = applyStatusChanges(list(from), changes)
        expect(changed).toEqual(list(to))
        const isBack = from.some((old, at) => {
          const [before, after] = [old % 2 ** bits, (to[at] ?? 0) % 2 ** bits]
          return before === 1 && after !== 1
        })
        expect(takesBack).toBe(isBack)
      }),
      { numRuns: 200 },
    )
  })

  it('are refused between lists of another size', () => {
    expect(() => encodeStatusChanges(listOf([]), listOf([], 2, 2048))).toThrow(
      expect.objectContaining({ code: 'status_delta_malformed' }),
    )
  })
})
