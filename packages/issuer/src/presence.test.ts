import { GATE_PASS, WARD_CERTIFICATE } from '@netcert/credential'
import { openIssuer } from '@netcert/issuer'
import { describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../test/database-engines.js'
import { issuerFamily } from '../../../test/issuer-family.js'
import { holderKeys } from '../../../test/issuer-ground.js'
import { blindFor, claimsOf } from '../../../test/numbered-copies.js'
import { openIssuerGround } from './open.js'

describe.each(engines)('a presence check, %s', (engine) => {
  const family = issuerFamily(databasesOn(engine))

  const later = (seconds: number) => {
    family.now = new Date(family.now.getTime() + seconds * 1000)
  }
  const check = (face: boolean) =>
    family.issuer.recordPresence({ citizen: family.person('parent'), face })
  const presenceIn = async (options: Parameters<typeof family.mint>[0] = {}) => {
    const { credentials } = await family.mint(options)
    const claims = await claimsOf(credentials[0]!)
    return [claims.get('presence_at'), claims.get('real_person')]
  }
  const kept = async () => {
    const opened = await openIssuerGround({ dir: family.test.dir, clock: () => family.now })
    const rows = await opened.ground.database.kysely
      .selectFrom('presence_checks')
      .selectAll()
      .execute()
    await opened.close()
    return rows
  }

  it('goes into the next platform copy, to the minute, and is forgotten', async () => {
    later(37)
    const at = family.now.getTime() / 1000 - 37
    const recorded = await check(true)
    expect(recorded).toEqual({
      checkedAt: new Date(at * 1000),
      until: new Date((at + 900) * 1000),
    })
    expect(await presenceIn({ blinded: blindFor('p-4711').b })).toEqual([
      at,
      'document+face+presence',
    ])
    expect(await kept()).toEqual([])
    expect(await presenceIn()).toEqual([undefined, 'document'])
  })

  it('says nothing of a face that nobody compared', async () => {
    await check(false)
    expect(await presenceIn()).toEqual([family.now.getTime() / 1000, 'document'])
  })

  it.each([
    [899, true],
    [900, false],
  ])('that is %i seconds old goes into a copy: %s', async (seconds, carries) => {
    await check(true)
    later(seconds)
    const [presence] = await presenceIn()
    expect(presence !== undefined).toBe(carries)
  })

  it('goes into one copy only, however many are fetched at once', async () => {
    await check(true)
    const clock = () => family.now
    const second = await openIssuer({ dir: family.test.dir, clock })
    const issuers = [family.issuer, second.issuer]
    const copies = await Promise.all(
      Array.from({ length: 8 }, async (_, at) => {
        const { credentials } = await issuers[at % 2]!.mint({
          citizen: family.person('parent'),
          type: 'urn:netcert:network-certificate:1',
          copies: 'platform',
          holderJwks: await holderKeys(1),
        })
        return (await claimsOf(credentials[0]!)).get('presence_at')
      }),
    )
    expect(copies.filter((presence) => presence !== undefined)).toHaveLength(1)
    await second.close()
  })

  it('goes into no copy of another kind and into nobody else’s', async () => {
    await check(true)
    const oneTime = { copies: 'one-time', keys: 8 } as const
    expect(await presenceIn(oneTime)).toEqual([undefined, 'document'])
    expect((await presenceIn({ ...oneTime, type: GATE_PASS }))[0]).toBeUndefined()
    expect((await presenceIn({ citizen: family.person('stranger') }))[0]).toBeUndefined()
    const ward = { citizen: family.person('child'), guardian: family.person('parent') }
    await family.issuer.recordPresence({ citizen: family.person('child'), face: true })
    expect((await presenceIn({ ...ward, type: WARD_CERTIFICATE }))[0]).toBeUndefined()
    expect((await presenceIn())[0]).toBe(family.now.getTime() / 1000)
  })

  it('is planned and signed again after a crash with the same answer', async () => {
    await check(true)
    const keys = await holderKeys(1)
    const options = {
      citizen: family.person('parent'),
      type: 'urn:netcert:network-certificate:1',
      copies: 'platform',
      holderJwks: keys,
    } as const
    const planned = await family.issuer.plan(options, {
      stands: async () => {},
      also: async () => {},
    })
    const claimed = await openIssuerGround({ dir: family.test.dir, clock: () => family.now })
    await claimed.ground.database.kysely
      .updateTable('presence_checks')
      .set({ batch: planned.batch })
      .execute()
    await claimed.close()
    expect((await presenceIn())[0]).toBeUndefined()
    const reopened = await family.issuer.reopenPlan(planned.batch)
    const { credentials } = await family.issuer.sign(reopened, keys, null)
    expect((await claimsOf(credentials[0]!)).get('presence_at')).toBe(family.now.getTime() / 1000)
  })

  it('that nobody used is forgotten when its time is over', async () => {
    await check(true)
    const [row] = await kept()
    expect(Object.keys(row!).toSorted()).toEqual(['batch', 'checked_at', 'face', 'person'])
    later(899)
    await family.issuer.retention.sweep()
    expect(await kept()).toHaveLength(1)
    later(1)
    await family.issuer.retention.sweep()
    expect(await kept()).toEqual([])
  })

  it('is refused for somebody who is not on record', async () => {
    for (const citizen of ['c_nobody', '']) {
      const recording = family.issuer.recordPresence({ citizen, face: true })
      await expect(recording).rejects.toMatchObject({ code: 'citizen_unknown' })
    }
    expect(await kept()).toEqual([])
  })
})
