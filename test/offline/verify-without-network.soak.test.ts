import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorOf, jsonOf } from '../e2e/netcert-process.js'
import { at, DAY, HOUR, NOW, stranger, statusKey } from '../trust-ground.js'
import { canBeAlone } from './machine.js'
import { listsOf, startWalk } from './offline-walk.js'

const walk = startWalk()
const { packs, verify, packFile, bring } = walk
afterAll(() => walk.folder.remove())

describe.skipIf(!canBeAlone)('a machine without any network, every socket refused', () => {
  beforeAll(async () => {
    jsonOf(await bring({ seq: 5, entries: await listsOf([7], at(-HOUR)) }))
  })

  it('verifies from one file, and says how far its word goes', async () => {
    const file = await packFile({ entries: await listsOf([7], at(-HOUR)) })
    const [fresh, stale] = await Promise.all([
      verify(file, NOW),
      verify(file, at(20 * HOUR), '--policy', 'flag-72h'),
    ])
    expect(jsonOf(fresh)).toMatchObject({
      facts: { age_equal_or_over: { '18': true } },
      freshness: { verdict: 'valid', reason: 'fresh', ageSeconds: expect.closeTo(HOUR, -2) },
    })
    expect(jsonOf(stale)).toMatchObject({
      freshness: { verdict: 'valid_stale', reason: 'within_grace', showStaff: true },
    })
  })

  it('refuses with verdict, reason, as-of and age', async () => {
    const revoked = await packFile({ entries: await listsOf([5], at(-HOUR)) })
    const told = async (pack: string, clock: Date) => errorOf(await verify(pack, clock))
    const [one, two, three, four] = await Promise.all([
      told(revoked, NOW),
      told(packs, at(40 * HOUR)),
      told(packs, at(8 * DAY)),
      told(packs, at(37 * DAY)),
    ])
    const asOf = at(-HOUR).toISOString()
    expect(one).toMatchObject({ code: 'status_invalid', freshness: { verdict: 'revoked' } })
    expect(two).toMatchObject({
      code: 'status_list_stale',
      freshness: { verdict: 'unknown', reason: 'status_list_stale', as_of: asOf },
    })
    expect(three).toMatchObject({
      code: 'status_list_expired',
      freshness: { verdict: 'unknown', reason: 'status_list_expired' },
    })
    expect(four).toMatchObject({ code: 'pack_expired' })
  })

  it('takes nothing in that is older, forged, ahead of the clock or without its base', async () => {
    const codes = await Promise.all(
      [
        { seq: 4, entries: await listsOf([], at(-2 * HOUR)) },
        { seq: 6, rootSigner: stranger.signer },
        { seq: 6, signer: statusKey.signer },
        { seq: 6, issuedAt: at(2 * DAY) },
        { seq: 9, base: 8, entries: [] },
      ].map(async (changes) => errorOf(await bring(changes)).code),
    )
    expect(codes).toEqual([
      ...['pack_older', 'pack_root', 'pack_untrusted', 'pack_from_future', 'pack_base'],
    ])
    expect(jsonOf(await verify(packs, NOW))).toMatchObject({ verified: true })
  })

  it.each([
    ['of 1970', new Date(1_000)],
    ['of 2000', new Date('2000-01-01T00:00:10Z')],
    ['of three hours ago', at(-3 * HOUR)],
  ])('verifies nothing by a clock %s, and says that it is the clock', async (_which, clock) => {
    const run = await verify(packs, clock)
    expect(errorOf(run)).toMatchObject({
      code: 'clock_behind',
      freshness: { verdict: 'unknown', reason: 'clock_behind' },
    })
  })

  it('takes a policy of one’s own, and refuses one that is none', async () => {
    const policy = { name: 'door-7', grace_seconds: 0, trust_list_grace_seconds: 0 }
    const file = walk.folder.at('door.json')
    writeFileSync(file, JSON.stringify({ ...policy, status_required: true, stale: 'refuse' }))
    const broken = walk.folder.at('broken.json')
    writeFileSync(broken, JSON.stringify({ ...policy, status_required: 'no', stale: 'refuse' }))
    const [strict, wrong] = await Promise.all([
      verify(packs, at(13 * HOUR), '--policy', file),
      verify(packs, NOW, '--policy', broken),
    ])
    expect(errorOf(strict)).toMatchObject({ code: 'status_list_stale' })
    expect(errorOf(wrong)).toMatchObject({ code: 'freshness_malformed', exit: 2 })
  })
})
