import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { verifyTrustList } from '@netcert/credential'
import { databasesOn, engines } from '../../../../test/database-engines.js'
import { rotationGround } from '../../../../test/rotation-ground.js'
import { openIssuerGround } from '../open.js'

const HOUR = 3_600_000
const use = 'credential' as const

describe.each(engines)('a stolen key on %s', (engine) => {
  const { family, later, minted, read, received, refreshed } = rotationGround(
    databasesOn(engine),
    'did:key',
  )
  const listed = async () => {
    await family.issuer.publish({ out: join(family.folder, 'public') })
    const { issuers } = await verifyTrustList({
      token: await read('trust-list.jwt'),
      rootDids: [family.test.rootDid],
      now: family.now,
      graceSeconds: 0,
      minimumSequence: 0,
    })
    return issuers.flatMap(({ keys }) => keys).filter((key) => key.use === use)
  }
  const judged = (held: Parameters<typeof received>[1], trust: Parameters<typeof received>[0]) =>
    received(trust, held).then(
      () => 'good',
      ({ code }: { code: string }) => code,
    )

  it('is refused whatever it signed, and what was accepted before its date can be judged', async () => {
    const held = await minted()
    const before = await refreshed()
    later(2)
    const stolen = new Date(family.now.getTime() - HOUR)
    await family.issuer.keys.revoke({ alias: 'issuer-1', since: stolen })
    const after = await refreshed(before)
    expect(await judged(held, after)).toBe('key_revoked')
    const [entry] = await listed()
    expect(entry?.revokedAt).toEqual(stolen)
    expect(entry?.notAfter.getTime()).toBeLessThan(stolen.getTime())
    // With today's list: had it been good a day ago, and in the hour after the theft?
    later(-1)
    expect(await judged(held, after)).toBe('good')
    later(1)
    family.now = stolen
    expect(await judged(held, after)).toBe('key_revoked')
  })

  it('without a date is not believed for any time', async () => {
    const held = await minted()
    const before = await refreshed()
    later(1)
    await family.issuer.keys.revoke({ alias: 'issuer-1' })
    const after = await refreshed(before)
    later(-1)
    expect(await judged(held, after)).toBe('key_revoked')
  })

  it('gets an earlier date when more is known, and never a later one', async () => {
    const { keys } = family.issuer
    later(2)
    const revoke = (hours: number) =>
      keys.revoke({ alias: 'issuer-1', since: new Date(family.now.getTime() - hours * HOUR) })
    await expect(revoke(-1)).rejects.toMatchObject({ code: 'revoked_since' })
    await expect(
      keys.revoke({ alias: 'issuer-1', since: new Date(Number.NaN) }),
    ).rejects.toMatchObject({ code: 'revoked_since' })
    await revoke(1)
    await expect(revoke(1)).rejects.toMatchObject({ code: 'signing_key_revoked' })
    await expect(revoke(0.5)).rejects.toMatchObject({ code: 'signing_key_revoked' })
    await revoke(30)
    const [entry] = await listed()
    expect(entry?.revokedAt).toEqual(new Date(family.now.getTime() - 30 * HOUR))
    const opened = await openIssuerGround({ dir: family.test.dir, clock: () => family.now })
    const rows = opened.ground.database.kysely.updateTable('issuer_keys')
    for (const since of [null, family.now.getTime() / 1000]) {
      await expect(rows.set({ revoked_since: since }).execute()).rejects.toMatchObject({
        code: 'constraint_violation',
      })
    }
    await opened.close()
  })

  it('that never was on a list is not named on one, and every step is on record', async () => {
    const { keys } = family.issuer
    await keys.next({ use })
    await keys.revoke({ alias: 'issuer-2' })
    expect(await listed()).toHaveLength(1)
    await keys.next({ use })
    await keys.activate({ use, emergency: true })
    const opened = await openIssuerGround({ dir: family.test.dir, clock: () => family.now })
    const log = await opened.ground.database.kysely
      .selectFrom('audit_log')
      .select(['event', 'subject'])
      .where('event', 'like', 'key_%')
      .orderBy('sequence')
      .execute()
    expect(log.map(({ event, subject }) => `${event} ${subject}`)).toEqual([
      'key_made issuer-2',
      'key_revoked issuer-2',
      'key_made issuer-3',
      'key_activated issuer-3',
    ])
    await opened.close()
  })
})
