import { epochSeconds } from '@netcert/credential'
import { describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../../test/database-engines.js'
import { issuerFamily } from '../../../../test/issuer-family.js'
import { openIssuerGround } from '../open.js'
import { agreeContact } from './recovery-contact-store.js'

describe.each(engines)('a recovery contact on %s', (engine) => {
  const family = issuerFamily(databasesOn(engine))

  it('who cancels or is paused before they are written down is none, and leaves no trace', async () => {
    await family.mint({})
    await family.mint({ citizen: family.person('stranger') })
    const { contact: id } = await family.issuer.ending.askContact(family.person('parent'))
    const { ground, close } = await openIssuerGround({
      dir: family.test.dir,
      clock: () => family.now,
    })
    const { kysely } = ground.database
    const { id: stranger } = await kysely
      .selectFrom('persons')
      .select('id')
      .where('citizen', '=', family.person('stranger'))
      .executeTakeFirstOrThrow()
    // Their certificate was looked at, and counted then.
    const agree = () =>
      ground.database.transaction((trx) =>
        agreeContact(trx, { id, contact: stranger, at: epochSeconds(family.now) }),
      )
    const { certificates, erasure } = family.issuer
    const target = { citizen: family.person('stranger') }
    await certificates.setStatus({ target, status: 'suspended', reason: 'citizen_asked' })
    expect(await agree()).toBe(false)
    await erasure.cancel(family.person('stranger'))
    expect(await agree()).toBe(false)
    const rows = await kysely.selectFrom('recovery_contacts').select(['id', 'contact']).execute()
    expect(rows).toEqual([{ id, contact: null }])
    await close()
  })
})
