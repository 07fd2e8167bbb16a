import { withStatusLists } from '@netcert/credential'
import { describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../test/database-engines.js'
import { DAY, rotationGround } from '../../../test/rotation-ground.js'

const MODES = ['did:key', 'x5c'] as const
const grounds = engines.flatMap((engine) => MODES.map((mode) => [engine, mode] as const))
const use = 'credential' as const

describe.each(grounds)('the keys of an issuer on %s with %s', (engine, mode) => {
  const ground = rotationGround(databasesOn(engine), mode)
  const { family, later, minted, read, received, refreshed, states, statusOf } = ground

  it('change without a gap: the old stay good and revocable, the new count from the next trust list', async () => {
    const old = await minted()
    const before = await refreshed()
    await family.issuer.keys.next({ use })
    const known = await refreshed(before)
    later(31)
    const renewed = await minted()
    await family.issuer.keys.activate({ use, emergency: false })
    const young = await minted()
    expect(await states()).toEqual(['issuer-1 retired', 'issuer-2 active', 'status-1 active'])
    // One name before and after, so that accounts at platforms survive.
    const now = await refreshed(known)
    const [{ issuer: named }, { issuer }] = [
      await received(now, renewed),
      await received(now, young),
    ]
    expect(issuer).toBe(named)
    expect(named).toBe(mode === 'x5c' ? 'https://issuer.example' : family.test.issuerDid)
    // Who never saw the new list refuses the new key, and nothing else.
    await expect(received(before, young)).rejects.toMatchObject({ code: 'key_not_of_issuer' })
    await received(known, young)
    const target = { batch: renewed.batch }
    await family.issuer.certificates.setStatus({ target, status: 'revoked', reason: 'key_lost' })
    const last = await refreshed(now)
    expect([await statusOf(last, renewed), await statusOf(last, young)]).toEqual([1, 0])
    await expect(received(now, old)).rejects.toMatchObject({ code: 'time_expired' })
  })

  it('are not used before every trust list without them has ended, but in an emergency', async () => {
    const { keys } = family.issuer
    const activate = (emergency: boolean) => keys.activate({ use, emergency })
    await expect(activate(false)).rejects.toMatchObject({ code: 'next_key_missing' })
    await expect(activate(true)).rejects.toMatchObject({ code: 'next_key_missing' })
    await keys.next({ use })
    later(40)
    await expect(activate(false)).rejects.toMatchObject({ code: 'next_key_early' })
    await refreshed()
    later(29.9)
    await expect(activate(false)).rejects.toMatchObject({ code: 'next_key_early' })
    await expect(keys.next({ use })).rejects.toMatchObject({ code: 'next_key_exists' })
    later(0.1)
    await activate(false)
    await keys.next({ use })
    await activate(true)
    expect(await states()).toContain('issuer-3 active')
  })

  it('are believed no longer than what they signed, when they are retired', async () => {
    const { keys } = family.issuer
    await keys.next({ use })
    await refreshed()
    later(30)
    const last = await minted()
    await keys.activate({ use, emergency: false })
    await keys.next({ use })
    const retired = (await keys.list()).find(({ state }) => state === 'retired')
    expect(retired?.notAfter).toEqual(new Date(family.now.getTime() + 30 * DAY))
    later(29.9)
    const trust = await refreshed()
    await received(trust, last)
    expect(await statusOf(trust, last)).toBe(0)
  })

  it('are believed no more once one is revoked, and nothing is signed until another is active', async () => {
    const stolen = await minted()
    const before = await refreshed()
    await received(before, stolen)
    const { keys } = family.issuer
    await keys.revoke({ alias: 'issuer-1' })
    await expect(minted()).rejects.toMatchObject({ code: 'signing_key_none' })
    const problems = await family.issuer.examine()
    expect(problems.map(({ code }) => code)).toContain('signing_key_none')
    await keys.next({ use })
    await keys.activate({ use, emergency: true })
    const young = await minted()
    const after = await refreshed(before)
    await expect(received(after, stolen)).rejects.toMatchObject({ code: 'key_revoked' })
    expect((await received(after, young)).issuer).toBe((await received(before, stolen)).issuer)
    await expect(keys.revoke({ alias: 'issuer-1' })).rejects.toMatchObject({
      code: 'signing_key_revoked',
    })
    await expect(keys.revoke({ alias: 'issuer-9' })).rejects.toMatchObject({
      code: 'signing_key_unknown',
    })
    await expect(keys.revoke({ alias: 'registrar-9' })).rejects.toMatchObject({
      code: 'signing_key_unknown',
    })
  })

  it('of status lists change in the same way, and lists are signed with the new one at once', async () => {
    const { batch, ...one } = await minted()
    const before = await refreshed()
    await family.issuer.keys.next({ use: 'status' })
    const known = await refreshed(before)
    later(30)
    await family.issuer.keys.activate({ use: 'status', emergency: false })
    const fresh = await minted()
    const target = { batch: fresh.batch }
    await family.issuer.certificates.setStatus({ target, status: 'revoked', reason: 'key_lost' })
    const after = await refreshed(known)
    expect(await statusOf(after, fresh)).toBe(1)
    // A verifier that does not know the new key keeps what it had.
    const { refused } = await withStatusLists(before, [await read('status/1.jwt')], family.now)
    expect(refused).toHaveLength(1)
    expect([batch, one.credential]).not.toContain('')
  })

  it('tell the operator in good time', async () => {
    const codes = async () =>
      (await family.issuer.examine())
        .map(({ code }) => code)
        .filter((code) => code.startsWith('key_'))
    await refreshed()
    expect(await codes()).toEqual([])
    later(63)
    expect(await codes()).toEqual(['key_next_due', 'key_next_due'])
    await family.issuer.keys.next({ use })
    await family.issuer.keys.next({ use: 'status' })
    await refreshed()
    expect(await codes()).toEqual([])
    later(30)
    expect(await codes()).toEqual(['key_rotation_due', 'key_rotation_due'])
    await family.issuer.keys.activate({ use, emergency: false })
    await family.issuer.keys.activate({ use: 'status', emergency: false })
    expect(await codes()).toEqual([])
  })
})
