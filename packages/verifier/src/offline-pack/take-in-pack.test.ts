import {
  createEmptyStatusList,
  createStatusDelta,
  readStatus,
  verifyPresentation,
  writeStatus,
} from '@netcert/credential'
import { describe, expect, it } from 'vitest'
import {
  codeOfPack,
  codeOfTaking,
  makePack,
  type PackChanges,
  packIssuer,
  packKey,
  take,
} from '../../../../test/offline/pack-ground.js'
import {
  at,
  DAY,
  demands,
  HOUR,
  mint,
  present,
  signStatusList,
  STATUS_ENTRIES,
  STATUS_URI,
  statusKey,
  stranger,
} from '../../../../test/trust-ground.js'
import type { PackHolding } from './pack-holding.js'

/** A list with these entries revoked, two hours old or as told. */
const listOf = (revoked: readonly number[]) => {
  const list = createEmptyStatusList(2, STATUS_ENTRIES)
  for (const index of revoked) writeStatus(list, index, 1)
  return list
}
const statusList = (revoked: readonly number[], issuedAt = at(-2 * HOUR)) =>
  signStatusList({ statuses: revoked.map((index) => [index, 1] as const), issuedAt })
const delta = (before: readonly number[], after: readonly number[], changes: object = {}) =>
  createStatusDelta({
    uri: STATUS_URI,
    before: listOf(before),
    after: listOf(after),
    signer: statusKey.signer,
    issuedAt: at(-HOUR),
    expiresAt: at(7 * DAY),
    ttlSeconds: 12 * HOUR,
    ...changes,
  })
const full = async (seq: number, revoked: readonly number[] = []) =>
  makePack({
    seq,
    issuedAt: at(-2 * HOUR),
    entries: [['status-list', STATUS_URI, await statusList(revoked)]],
  })
const deltaPack = async (seq: number, base: number, text: Promise<string>) =>
  makePack({ seq, base, entries: [['status-delta', STATUS_URI, await text]] })

const statusOf = ({ trust }: PackHolding, index: number) => {
  const [issuer] = trust.issuers.values()
  const held = issuer?.statusLists.get(STATUS_URI)
  return held === undefined ? null : readStatus(held.list, index)
}

describe('a pack', () => {
  it('is all that a verifier needs: trust, status, and how old it is', async () => {
    const holding = await take(await makePack())
    expect(holding).toMatchObject({ seq: 1, kind: 'full', packKey: packKey.signer.keyId })
    expect(holding.coverage).toEqual({ lists: 1, entries: 2, issuers: 1 })
    expect(holding.trust.timeFloor).toBe(at(-HOUR).getTime() / 1000)
    const presentation = await present(await mint())
    const verified = await verifyPresentation(holding.trust, presentation, demands())
    expect(verified.freshness).toMatchObject({ verdict: 'valid', asOf: at(-HOUR) })
  })

  it('that is at hand already brings nothing', async () => {
    const pack = await makePack()
    const held = await take(pack)
    expect(await take(pack, { held })).toBe(held)
  })

  it('that is newer takes its place, and what was revoked stays so', async () => {
    const held = await take(await full(1, [5]))
    const list = await statusList([6], at(-HOUR))
    const next = await makePack({ seq: 2, entries: [['status-list', STATUS_URI, list]] })
    const holding = await take(next, { held })
    expect([5, 6, 7].map((index) => statusOf(holding, index))).toEqual([1, 1, 0])
    // What was held is as it was.
    expect([5, 6, 7].map((index) => statusOf(held, index))).toEqual([1, 0, 0])
  })

  it.each([
    ['cut off', (pack: Uint8Array) => pack.subarray(0, pack.length - 1), 'pack_malformed'],
    ['longer', (pack: Uint8Array) => Buffer.concat([pack, Buffer.of(0)]), 'pack_malformed'],
    ['no pack', () => Buffer.from('PK\u0003\u0004 something else'), 'pack_malformed'],
    ['empty', () => new Uint8Array(), 'pack_malformed'],
  ])('that is %s is refused', async (_what, change, code) => {
    expect(await codeOfTaking(take(change(await makePack())))).toBe(code)
  })

  it('of which any one byte was changed is refused', async () => {
    const pack = await makePack()
    for (let at = 0; at < pack.length; at += 97) {
      const changed = Uint8Array.from(pack)
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(await codeOfTaking(take(changed))).toMatch(
        /^pack_(malformed|too_large|hash|signature|untrusted)$/,
      )
    }
  })

  it.each<[string, PackChanges, string]>([
    ['somebody not listed for packs', { signer: statusKey.signer }, 'pack_untrusted'],
    ['a stranger', { signer: stranger.signer }, 'pack_untrusted'],
    ['an issuer not on the list', { issuer: stranger.signer.did }, 'pack_untrusted'],
    ['a stranger’s root', { rootSigner: stranger.signer }, 'pack_root'],
    [
      'a key that was taken back',
      { trustList: { issuers: [packIssuer({ revokedAt: at(-DAY) })] } },
      'pack_revoked_key',
    ],
    [
      'a key before its time',
      { trustList: { issuers: [packIssuer({ notBefore: at(60) })] } },
      'pack_key_window',
    ],
  ])('made by %s is refused', async (_who, changes, code) => {
    expect(await codeOfPack(changes)).toBe(code)
  })

  it('with an entry that does not hold is refused whole', async () => {
    const list = async (changes: Parameters<typeof signStatusList>[0]) =>
      codeOfPack({ entries: [['status-list', STATUS_URI, await signStatusList(changes)]] })
    expect(await list({ signer: stranger.signer })).toBe('pack_entry')
    expect(await list({ uri: 'https://elsewhere.example/1' })).toBe('pack_entry')
    expect(await list({ uri: `${STATUS_URI}0` })).toBe('pack_entry')
    expect(await list({ issuedAt: at(DAY + 60) })).toBe('pack_from_future')
    expect(await codeOfPack({ entries: [['type-metadata', 'urn:x', '{"vct":"urn:y"}']] })).toBe(
      'pack_entry',
    )
    const broken = Buffer.from([0x7b, 0xff])
    expect(await codeOfPack({ entries: [['type-metadata', 'urn:x', broken]] })).toBe('pack_entry')
  })

  it('that has ended, or is from more than a day ahead, is refused', async () => {
    const ending = { issuedAt: at(-30 * DAY), expiresAt: at(-7 * DAY) }
    expect(await codeOfPack({ trustList: ending })).toBe('pack_expired')
    expect(await codeOfPack({ trustList: { ...ending, expiresAt: at(-7 * DAY + 1) } })).toBe(
      'taken in',
    )
    expect(await codeOfPack({ issuedAt: at(DAY) })).toBe('taken in')
    expect(await codeOfPack({ issuedAt: at(DAY + 1) })).toBe('pack_from_future')
  })

  it('that is older than the one at hand is refused, wherever the older part is', async () => {
    const held = await take(await makePack({ seq: 5 }))
    expect(await codeOfPack({ seq: 4 }, { held })).toBe('pack_older')
    expect(await codeOfPack({ seq: 5, issuedAt: at(-60) }, { held })).toBe('pack_older')
    expect(await codeOfPack({ seq: 6, trustList: { sequence: 6 } }, { held })).toBe('pack_older')
    const list = await signStatusList({ issuedAt: at(-3 * HOUR) })
    const rolledBack = { seq: 6, entries: [['status-list', STATUS_URI, list] as const] }
    expect(await codeOfPack(rolledBack, { held })).toBe('pack_older')
  })
})

describe('deltas', () => {
  it('chain, each on the one before', async () => {
    const first = await take(await full(1, [5]))
    const second = await take(await deltaPack(2, 1, delta([5], [5, 6])), { held: first })
    expect(second).toMatchObject({ seq: 2, kind: 'delta' })
    expect([5, 6, 7].map((index) => statusOf(second, index))).toEqual([1, 1, 0])
    const newer = delta([5, 6], [5, 6, 7], { issuedAt: at(-60) })
    const third = await take(await deltaPack(3, 2, newer), { held: second })
    expect([5, 6, 7].map((index) => statusOf(third, index))).toEqual([1, 1, 1])
  })

  it('with a gap, for another state or before any full pack are refused', async () => {
    const held = await take(await full(1, [5]))
    const pack = await deltaPack(3, 2, delta([5], [5, 6]))
    expect(await codeOfTaking(take(pack, { held }))).toBe('pack_base')
    const other = await deltaPack(2, 1, delta([9], [9, 10]))
    expect(await codeOfTaking(take(other, { held }))).toBe('pack_base')
    expect(await codeOfTaking(take(await deltaPack(2, 1, delta([5], [5, 6]))))).toBe('pack_base')
  })
})
