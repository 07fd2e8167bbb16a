import { WARD_CERTIFICATE } from '@netcert/credential'
import { describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../../test/database-engines.js'
import { type FamilyMember, issuerFamily } from '../../../../test/issuer-family.js'
import { openIssuerGround } from '../open.js'

describe.each(engines)('a guardian who pauses on %s', (engine) => {
  const family = issuerFamily(databasesOn(engine))
  const pause = (ward: FamilyMember, guardian: FamilyMember, until?: Date) =>
    family.issuer.minors.pauseWard(
      {
        ward: family.person(ward),
        guardian: family.person(guardian),
        ...(until === undefined ? {} : { until }),
      },
      'guardian',
    )
  const wardCopy = () =>
    family.mint({
      citizen: family.person('child'),
      type: WARD_CERTIFICATE,
      guardian: family.person('parent'),
    })

  it('suspends all about the child, on record with who asked and whom it is about', async () => {
    await family.mint({})
    await wardCopy()
    expect(await pause('child', 'parent')).toMatchObject({ changed: 1 })
    await expect(wardCopy()).rejects.toMatchObject({ code: 'citizen_suspended' })
    // The guardian's own are not the child's.
    await family.mint({})
    const { ground, close } = await openIssuerGround({
      dir: family.test.dir,
      clock: () => family.now,
    })
    const people = await ground.database.kysely
      .selectFrom('persons')
      .select(['id', 'citizen'])
      .execute()
    const idOf = (member: FamilyMember) =>
      people.find(({ citizen }) => citizen === family.person(member))?.id
    const entry = await ground.database.kysely
      .selectFrom('audit_log')
      .select(['actor', 'subject', 'details'])
      .where('event', '=', 'status_set')
      .executeTakeFirstOrThrow()
    await close()
    expect(entry.actor).toBe(`guardian:${idOf('parent')}`)
    expect(entry.subject).toBe(idOf('child'))
    expect(JSON.parse(entry.details)).toMatchObject({
      status: 'suspended',
      reason: 'guardian_asked',
      guardian: idOf('parent'),
    })
    // Somebody without a key acted, and the log is whole all the same.
    expect(await family.issuer.auditLog.verify()).toMatchObject({ firstBad: null })
  })

  it('may name an end, and then the pause ends by itself', async () => {
    await wardCopy()
    await pause('child', 'parent', new Date(family.now.getTime() + 3_600_000))
    family.now = new Date(family.now.getTime() + 3_600_000)
    expect(await family.issuer.certificates.endDue()).toBeGreaterThan(0)
    await wardCopy()
  })

  it('never ends a pause of somebody else sooner', async () => {
    await wardCopy()
    const target = { citizen: family.person('child') }
    const { certificates } = family.issuer
    const day = new Date(family.now.getTime() + 86_400_000)
    const minute = () => new Date(family.now.getTime() + 60_000)
    for (const until of [day, undefined]) {
      const end = until === undefined ? {} : { until }
      await certificates.setStatus({
        target,
        status: 'suspended',
        reason: 'facts_disputed',
        ...end,
      })
      await pause('child', 'parent', minute())
      family.now = minute()
      await certificates.endDue()
      await expect(wardCopy()).rejects.toMatchObject({ code: 'citizen_suspended' })
    }
    // And one of theirs that is longer counts.
    await certificates.setStatus({ target, status: 'valid', reason: 'unspecified' })
    await pause('child', 'parent', day)
    await pause('child', 'parent', minute())
    family.now = new Date(day.getTime() - 1_000)
    await certificates.endDue()
    await expect(wardCopy()).rejects.toMatchObject({ code: 'citizen_suspended' })
    family.now = day
    await certificates.endDue()
    await wardCopy()
  })

  it('is refused without the link, without a child, and with an end in the past', async () => {
    const cases = [
      ['child', 'stranger', 'guardian_not_linked'],
      // Nobody has enrolled the child yet.
      ['child', 'parent', 'citizen_unknown'],
      ['stranger', 'parent', 'custody_not_minor'],
      ['teen', 'teen', 'guardian_not_linked'],
    ] as const
    for (const [ward, guardian, code] of cases) {
      await expect(pause(ward, guardian)).rejects.toMatchObject({ code })
    }
    await wardCopy()
    const late = pause('child', 'parent', family.now)
    await expect(late).rejects.toMatchObject({ code: 'suspension_end' })
  })

  it('who cancels leaves no copy about a ward behind', async () => {
    await family.mint({})
    const { batch } = await wardCopy()
    await family.issuer.erasure.cancel(family.person('parent'))
    const { ground, close } = await openIssuerGround({
      dir: family.test.dir,
      clock: () => family.now,
    })
    const row = await ground.database.kysely
      .selectFrom('batches')
      .select(['status', 'guardian'])
      .where('id', '=', batch)
      .executeTakeFirst()
    await close()
    expect(row).toEqual({ status: 1, guardian: null })
  })
})
