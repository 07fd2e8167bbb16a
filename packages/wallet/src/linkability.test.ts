import { describe, expect, it } from 'vitest'
import { vpGround } from '../../../test/vp-ground.js'
import { didAsker, linkOf, requestOf } from '../../../test/vp-verifier-ground.js'
import { later } from '../../../test/trust-domain.js'
import { isRareCombination, readPublishedCounts } from './linkability.js'

const published = JSON.stringify({
  format: 'netcert-statistics/1',
  as_of: '2026-03-01',
  persons: 1230,
  step: 10,
  combinations: [
    { facts: { age_band: '18+' }, count: 990 },
    { facts: { residence_region: '990100' }, count: 50 },
    { facts: { age_band: '18+', residence_region: '990200' }, count: 40 },
  ],
})
const counts = readPublishedCounts(published)
const band = { path: ['age_band'], value: '18+' }
const region = { path: ['residence_region'], value: '990100' }

describe('a rare combination', () => {
  it('is one that the published counts leave out', () => {
    expect(isRareCombination(counts, [band])).toBe(false)
    expect(isRareCombination(counts, [region])).toBe(false)
    expect(isRareCombination(counts, [region, band])).toBe(true)
  })

  it('counts who is 18 among the adults', () => {
    const adult = { path: ['age_equal_or_over', '18'], value: true }
    expect(isRareCombination(counts, [adult])).toBe(false)
    expect(isRareCombination(counts, [adult, region])).toBe(true)
    expect(isRareCombination(counts, [{ ...adult, value: false }])).toBe(false)
  })

  it('is nothing without counts, or where no counted fact is shown', () => {
    expect(isRareCombination(counts, [{ path: ['real_person'], value: 'document' }])).toBe(false)
    for (const text of [null, '', '{}', '[]', '{"format":"netcert-statistics/2"}']) {
      expect(readPublishedCounts(text)).toBeNull()
      expect(isRareCombination(readPublishedCounts(text), [band])).toBe(false)
    }
  })
})

describe('the hints on the consent screen', () => {
  const vp = vpGround()
  const ask = async (claims: readonly object[], asker = vp.asker) => {
    const dcql_query = {
      credentials: [
        {
          id: 'certificate',
          format: 'dc+sd-jwt',
          meta: { vct_values: ['urn:netcert:network-certificate:1'] },
          claims,
        },
      ],
    }
    const link = await linkOf(asker, requestOf(vp.server, { dcql_query }))
    return (await vp.wallet.previewRequest(link)).credentials[0]?.hints
  }

  it('say so of a rare combination, as far as counts are at hand', async () => {
    const both = [{ path: ['age_band'] }, { path: ['residence_region'] }]
    expect(await ask(both)).toEqual([])
    const trust = () => vp.ground.domain.trust()
    const nothing = () => Promise.resolve(null)
    const statistics = () => Promise.resolve(published)
    await vp.reopen({ published: { trust, statusList: nothing, statistics } })
    expect(await ask(both)).toEqual(['rare_combination'])
    expect(await ask([{ path: ['age_band'] }])).toEqual([])
  })

  it('say so of something shown elsewhere within the minute, and not later', async () => {
    const band = [{ path: ['age_band'] }]
    const link = await linkOf(vp.asker, requestOf(vp.server))
    await vp.wallet.answerRequest({ request: link, consent: () => 'share' })
    // To the same verifier it is no news.
    expect(await ask(band)).toEqual([])
    const other = await didAsker()
    expect(await ask(band, other)).toEqual(['same_minute'])
    vp.ground.now = later(61)
    expect(await ask(band, other)).toEqual([])
  })
})
