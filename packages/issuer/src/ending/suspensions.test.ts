import { WARD_CERTIFICATE } from '@netcert/credential'
import { describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../../test/database-engines.js'
import { issuerFamily } from '../../../../test/issuer-family.js'
import { openIssuerGround } from '../open.js'

const HOUR = 3_600_000
const DAY = 24 * HOUR

describe.each(engines)('a suspension that ends by itself, on %s', (engine) => {
  const family = issuerFamily(databasesOn(engine))

  const later = (milliseconds: number) => {
    family.now = new Date(family.now.getTime() + milliseconds)
  }
  const desk = () => family.issuer.certificates
  const until = (milliseconds: number) => new Date(family.now.getTime() + milliseconds)
  const suspend = (target: { batch: string } | { citizen: string }, end?: Date) =>
    desk().setStatus({
      target,
      status: 'suspended',
      reason: 'citizen_asked',
      ...(end === undefined ? {} : { until: end }),
    })
  const parent = () => ({ citizen: family.person('parent') })
  const statuses = async () => {
    const opened = { dir: family.test.dir, clock: () => family.now }
    const { ground, close } = await openIssuerGround(opened)
    const rows = await ground.database.kysely
      .selectFrom('batches')
      .select(['id', 'status'])
      .execute()
    const log = await ground.database.kysely
      .selectFrom('audit_log')
      .select(['event', 'details'])
      .where('event', '=', 'status_set')
      .execute()
    await close()
    return { of: new Map(rows.map(({ id, status }) => [id, status])), log }
  }

  it('lasts until its end, for the citizen and all they hold, and is on record both times', async () => {
    const { batch } = await family.mint({})
    await suspend(parent(), until(2 * HOUR))
    later(2 * HOUR - 1000)
    expect(await desk().endDue()).toBe(0)
    await expect(family.mint({})).rejects.toMatchObject({ code: 'citizen_suspended' })
    later(1000)
    expect(await desk().endDue()).toBe(2)
    expect(await desk().endDue()).toBe(0)
    const { of, log } = await statuses()
    expect(of.get(batch)).toBe(0)
    await family.mint({})
    expect(log.map(({ details }) => (JSON.parse(details) as { reason: string }).reason)).toEqual([
      'citizen_asked',
      'suspension_ended',
      'suspension_ended',
    ])
  })

  it('leaves a batch suspended that was suspended for longer, or without an end', async () => {
    const [long, open, short] = [
      (await family.mint({})).batch,
      (await family.mint({})).batch,
      (await family.mint({})).batch,
    ]
    await suspend({ batch: long }, until(3 * DAY))
    await suspend({ batch: open })
    await suspend({ batch: short }, until(HOUR))
    await suspend(parent(), until(DAY))
    later(HOUR)
    expect(await desk().endDue()).toBe(0)
    later(DAY)
    await desk().endDue()
    const { of } = await statuses()
    expect([long, open, short].map((batch) => of.get(batch))).toEqual([2, 2, 0])
  })

  it('can be prolonged, and taken back before its end', async () => {
    const { batch } = await family.mint({})
    await suspend({ batch }, until(HOUR))
    expect(await suspend({ batch }, until(DAY))).toMatchObject({ changed: 1 })
    later(2 * HOUR)
    expect(await desk().endDue()).toBe(0)
    const back = { status: 'valid', reason: 'device_found' } as const
    expect(await desk().setStatus({ target: { batch }, ...back })).toMatchObject({ changed: 1 })
    later(DAY)
    expect(await desk().endDue()).toBe(0)
  })

  it('refuses an end that has passed, an end of a revocation, and a batch of a suspended citizen', async () => {
    const { batch } = await family.mint({})
    const target = { batch }
    await expect(suspend(target, until(0))).rejects.toMatchObject({ code: 'suspension_end' })
    await expect(suspend(target, new Date(Number.NaN))).rejects.toMatchObject({
      code: 'suspension_end',
    })
    const end = { until: until(HOUR), reason: 'citizen_asked' }
    const revoke = { target, status: 'revoked', ...end } as const
    await expect(desk().setStatus(revoke)).rejects.toMatchObject({ code: 'suspension_end' })
    await suspend(parent())
    const back = { target, status: 'valid', reason: 'cleared' } as const
    await expect(desk().setStatus(back)).rejects.toMatchObject({ code: 'citizen_suspended' })
  })

  it('reaches what a guardian holds for a child, when either of the two is suspended', async () => {
    const [child, guardian] = [family.person('child'), family.person('parent')]
    const ward = { citizen: child, type: WARD_CERTIFICATE, guardian }
    await family.mint({})
    const { batch } = await family.mint(ward)
    await suspend(parent())
    expect((await statuses()).of.get(batch)).toBe(2)
    await expect(family.mint(ward)).rejects.toMatchObject({ code: 'citizen_suspended' })
    // The child is not suspended: what somebody else would hold for it is not either.
    await desk().setStatus({ target: parent(), status: 'valid', reason: 'cleared' })
    expect((await statuses()).of.get(batch)).toBe(0)
    await suspend({ citizen: child })
    await expect(family.mint(ward)).rejects.toMatchObject({ code: 'citizen_suspended' })
    expect((await statuses()).of.get(batch)).toBe(2)
    await desk().setStatus({ target: parent(), status: 'valid', reason: 'cleared' })
    expect((await statuses()).of.get(batch)).toBe(2)
  })

  it('is ended by publishing, before the lists are signed', async () => {
    const { batch } = await family.mint({})
    await suspend({ batch }, until(HOUR))
    later(HOUR)
    await family.issuer.publish({ out: `${family.folder}/public` })
    expect((await statuses()).of.get(batch)).toBe(0)
  })
})
