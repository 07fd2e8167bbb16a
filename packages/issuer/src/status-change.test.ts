import { describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../test/database-engines.js'
import { issuerFamily } from '../../../test/issuer-family.js'

describe.each(engines)('a status on %s', (engine) => {
  const family = issuerFamily(databasesOn(engine))

  it('revokes for good, and suspends until the status is valid again', async () => {
    const { batch } = await family.mint({})
    const set = (status: 'valid' | 'suspended' | 'revoked') =>
      family.issuer.certificates.setStatus({ target: { batch }, status, reason: 'unspecified' })
    expect(await set('suspended')).toMatchObject({ changed: 1 })
    expect(await set('suspended')).toMatchObject({ changed: 0, unchanged: 1 })
    expect(await set('valid')).toMatchObject({ changed: 1 })
    expect(await set('revoked')).toMatchObject({ changed: 1 })
    expect(await set('revoked')).toMatchObject({ changed: 0, unchanged: 1 })
    await expect(set('valid')).rejects.toMatchObject({ code: 'status_final' })
    await expect(set('suspended')).rejects.toMatchObject({ code: 'status_final' })
  })

  it('sets the status of all that a citizen holds, and mints nothing while they are suspended', async () => {
    await family.mint({})
    await family.mint({})
    await family.mint({ copies: 'one-time', keys: 10 })
    const target = { citizen: family.person('parent') }
    const reason = 'citizen_asked'
    const suspended = await family.issuer.certificates.setStatus({
      target,
      status: 'suspended',
      reason,
    })
    expect(suspended).toMatchObject({ changed: 2, withoutStatus: 1, final: 0 })
    await expect(family.mint({})).rejects.toMatchObject({ code: 'citizen_suspended' })
    expect(
      await family.issuer.certificates.setStatus({ target, status: 'valid', reason }),
    ).toMatchObject({
      changed: 2,
    })
    await family.mint({})
    expect(
      await family.issuer.certificates.setStatus({ target, status: 'revoked', reason }),
    ).toMatchObject({
      changed: 3,
    })
    await family.mint({})
    expect(
      await family.issuer.certificates.setStatus({ target, status: 'valid', reason }),
    ).toMatchObject({
      changed: 0,
      unchanged: 1,
      final: 3,
    })
  })

  it('refuses a status for what it does not know', async () => {
    const { batch } = await family.mint({ copies: 'one-time', keys: 10 })
    const set = (options: object) =>
      family.issuer.certificates.setStatus({
        target: { batch },
        status: 'revoked',
        reason: 'unspecified',
        ...options,
      })
    await expect(set({})).rejects.toMatchObject({ code: 'batch_without_status' })
    await expect(set({ target: { batch: 'b_none' } })).rejects.toMatchObject({
      code: 'batch_unknown',
    })
    await expect(set({ target: { citizen: family.person('stranger') } })).rejects.toMatchObject({
      code: 'citizen_unknown',
    })
    await expect(set({ status: 'maybe' })).rejects.toMatchObject({ code: 'status_unknown' })
    await expect(set({ reason: '王小明 asked' })).rejects.toMatchObject({
      code: 'status_reason_unknown',
    })
  })
})
