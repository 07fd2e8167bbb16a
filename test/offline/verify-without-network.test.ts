import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorOf, jsonOf } from '../e2e/netcert-process.js'
import { at, HOUR, NOW } from '../trust-ground.js'
import { canBeAlone } from './machine.js'
import { listsOf, startWalk } from './offline-walk.js'

const walk = startWalk()
const { packs, verify, packFile, bring } = walk
afterAll(() => walk.folder.remove())

/** The whole of it is in verify-without-network.soak.test.ts. */
describe.skipIf(!canBeAlone)('a machine without any network, every socket refused', () => {
  beforeAll(async () => {
    jsonOf(await bring({ seq: 5, entries: await listsOf([7], at(-HOUR)) }))
  })

  it('verifies from one file, and says how far its word goes', async () => {
    const file = await packFile({ entries: await listsOf([7], at(-HOUR)) })
    expect(jsonOf(await verify(file, NOW))).toMatchObject({
      facts: { age_equal_or_over: { '18': true } },
      freshness: { verdict: 'valid', reason: 'fresh', ageSeconds: expect.closeTo(HOUR, -2) },
    })
  })

  it('refuses who was revoked, and a pack that is older', async () => {
    const revoked = await packFile({ entries: await listsOf([5], at(-HOUR)) })
    const older = { seq: 4, entries: await listsOf([], at(-2 * HOUR)) }
    const [refused, rolledBack] = await Promise.all([verify(revoked, NOW), bring(older)])
    expect(errorOf(refused)).toMatchObject({
      code: 'status_invalid',
      freshness: { verdict: 'revoked', reason: 'revoked', as_of: at(-HOUR).toISOString() },
    })
    expect(errorOf(rolledBack)).toMatchObject({ code: 'pack_older', exit: 1 })
  })

  it('verifies nothing by a clock that stopped in 1970, and says that it is the clock', async () => {
    expect(errorOf(await verify(packs, new Date(1_000)))).toMatchObject({
      code: 'clock_behind',
      freshness: { verdict: 'unknown', reason: 'clock_behind' },
    })
  })
})

it.skipIf(canBeAlone)('was not tried: this system gives nobody a network of their own', () => {
  expect(canBeAlone).toBe(false)
})
