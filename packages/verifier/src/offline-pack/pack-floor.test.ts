import { generateSigner, verifyPresentation } from '@netcert/credential'
import { describe, expect, it } from 'vitest'
import {
  codeOfPack,
  codeOfTaking,
  makePack,
  packKey,
  rootDid,
  take,
} from '../../../../test/offline/pack-ground.js'
import { at, DAY, demands, HOUR, mint, NOW, present } from '../../../../test/trust-ground.js'
import { agePack, NO_FLOOR, type PackFloor } from './pack-holding.js'

describe('the floor', () => {
  it('is kept over a restart: what lies below it does not come back', async () => {
    const { floor } = await take(await makePack({ seq: 5 }))
    expect(floor).toEqual({
      sequence: 7,
      timeFloor: at(-HOUR).getTime() / 1000,
      packs: { [packKey.signer.keyId]: 5 },
      pin: { root: rootDid, next: null, from: rootDid },
    })
    const kept = JSON.parse(JSON.stringify(floor)) as PackFloor
    expect(await codeOfPack({ seq: 4 }, { floor: kept })).toBe('pack_older')
    expect(await codeOfPack({ trustList: { sequence: 6 } }, { floor: kept })).toBe('pack_older')
    expect(await codeOfPack({ seq: 5 }, { floor: kept })).toBe('taken in')
  })

  it('lets a clock that stopped read what was there, and take in nothing', async () => {
    const pack = await makePack()
    const { floor } = await take(pack)
    for (const now of [new Date(0), new Date('2000-01-01T00:00:00Z')]) {
      const held = await take(pack, { floor, now })
      expect(held.trust.timeFloor).toBe(floor.timeFloor)
      const presented = verifyPresentation(
        held.trust,
        await present(await mint()),
        demands({ now }),
      )
      await expect(presented).rejects.toMatchObject({ code: 'clock_behind' })
      expect(agePack(held, now).warnings).toEqual(['clock_behind'])
      const newer = await makePack({ seq: 2, issuedAt: at(-60) })
      expect(await codeOfTaking(take(newer, { held, now }))).toBe('pack_from_future')
      expect(await codeOfTaking(take(newer, { floor, now }))).toBe('pack_from_future')
      expect(await codeOfTaking(take(pack, { floor: NO_FLOOR, now }))).toBe('pack_from_future')
    }
  })

  it('follows a root that the one before announced, and no other', async () => {
    const next = await generateSigner('ES256')
    const nextRoot = next.signer.did
    const held = await take(await makePack({ trustList: { nextRoot } }))
    const rotated = { seq: 2, trustList: { sequence: 8 }, rootSigner: next.signer }
    const holding = await take(await makePack(rotated), { held })
    expect(holding.floor.pin).toEqual({ root: nextRoot, next: null, from: rootDid })
    // After a restart too, and the old root is nobody from then on.
    expect(await codeOfPack(rotated, { floor: holding.floor })).toBe('taken in')
    const back = { seq: 3, trustList: { sequence: 9 } }
    expect(await codeOfPack(back, { held: holding })).toBe('pack_root')
    const unannounced = await take(await makePack())
    expect(await codeOfPack(rotated, { held: unannounced })).toBe('pack_root')
    // Whoever sets up another root begins anew with it.
    expect(await codeOfPack(rotated, { floor: holding.floor, rootDid: nextRoot })).toBe('taken in')
  })
})

it('tells its age and warns from half of its time on', async () => {
  const holding = await take(await makePack())
  const told = (now: Date) => agePack(holding, now)
  expect(told(NOW)).toMatchObject({ seq: 1, ageSeconds: HOUR, warnings: [] })
  expect(told(NOW).listsEndAt).toEqual(at(7 * DAY - HOUR))
  expect(told(at(3.5 * DAY - HOUR)).warnings).toEqual(['half_life'])
  expect(told(at(3.4 * DAY - HOUR)).warnings).toEqual([])
  expect(told(at(7 * DAY)).warnings).toEqual(['lists_expired'])
  expect(told(at(29 * DAY)).warnings).toEqual(['trust_list_expired', 'lists_expired'])
})
