import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { databasesOn } from '../../../../test/database-engines.js'
import { issuerFamily } from '../../../../test/issuer-family.js'
import { createPublicationMetrics } from '../lists/publication-metrics.js'
import { publishedFile } from '../published-file.js'

describe('the newest offline pack', () => {
  const family = issuerFamily(databasesOn('sqlite'))
  const packAge = async () => {
    const metrics = createPublicationMetrics(() => family.issuer.lists.standing())
    const text = await metrics.read()
    return /^netcert_pack_age_seconds (\d+)$/m.exec(text)?.[1]
  }
  const problems = async () => (await family.issuer.examine()).map(({ code }) => code)
  const later = (days: number) => {
    family.now = new Date(family.now.getTime() + days * 86_400_000)
  }

  it('is nothing anybody misses where none was ever built', async () => {
    expect(await packAge()).toBeUndefined()
    later(8)
    expect(await problems()).not.toContain('pack_outdated')
    expect(await family.issuer.publish({ out: join(family.folder, 'public') })).toMatchObject({
      pack: null,
    })
  })

  it('tells its age to a monitor, and to the doctor when its lists have ended', async () => {
    await family.issuer.packs.build({ out: null })
    later(7)
    expect(await packAge()).toBe(String(7 * 86_400))
    expect(await problems()).not.toContain('pack_outdated')
    later(1)
    expect(await problems()).toContain('pack_outdated')
    await family.issuer.packs.build({ out: null })
    expect(await problems()).not.toContain('pack_outdated')
    expect(await packAge()).toBe('0')
  })

  it('is served under one address, and no other pack is', () => {
    expect(publishedFile('/packs/latest.ncpack')).toMatchObject({
      ...{ path: 'packs/latest.ncpack', type: 'application/netcert-pack', isPage: false },
    })
    expect(publishedFile('/packs/1.ncpack')).toBeUndefined()
    expect(publishedFile('/packs/../netcert.json')).toBeUndefined()
  })
})
