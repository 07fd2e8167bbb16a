import { describe, expect, it } from 'vitest'
import { adultClaims } from '../../../test/trust-domain.js'
import { vciGround } from '../../../test/vci-wallet-ground.js'

const vci = vciGround()

/** A wallet of somebody born that day that fetched its copies then. */
async function fetchedBy(birthdate: string, instant: string) {
  vci.ground.now = new Date(instant)
  vci.issuer.behaviour.claims = { ...adultClaims, birthdate }
  const wallet = await vci.open()
  await vci.receive(wallet, { batch: 2 })
  return {
    refillAt(then: string) {
      vci.ground.now = new Date(then)
      return wallet.refill()
    },
  }
}

describe('renewing after a birthday', () => {
  it.each([
    // Less than an hour before the birthday: the schedule alone would renew later than this.
    ['2008-03-05', '2026-03-04T15:30:00Z', '2026-03-04T15:59:59Z', '2026-03-05T15:59:59Z'],
    ['2012-03-10', '2026-03-09T15:59:58Z', '2026-03-09T15:59:59Z', '2026-03-10T15:59:59Z'],
  ])(
    'of %s: copies of %s are not due at %s, and have been by %s',
    async (birthdate, fetched, before, dayEnd) => {
      const { refillAt } = await fetchedBy(birthdate, fetched)
      expect(await refillAt(before)).toEqual([])
      expect(await refillAt(dayEnd)).toMatchObject([
        { kind: 'received', reason: 'schedule', certificate: { copies: 2 } },
      ])
      expect(await refillAt(dayEnd)).toEqual([])
    },
  )

  it('is not done twice: copies fetched on the birthday wait for the usual schedule', async () => {
    const { refillAt } = await fetchedBy('2008-03-05', '2026-03-04T16:00:00Z')
    expect(await refillAt('2026-03-04T16:59:59Z')).toEqual([])
    expect(await refillAt('2026-03-11T15:59:59Z')).toHaveLength(1)
  })

  it('is left out where the certificate says no date, and the usual schedule holds', async () => {
    const { refillAt } = await fetchedBy('unknown', '2026-03-04T15:30:00Z')
    expect(await refillAt('2026-03-04T16:29:59Z')).toEqual([])
    expect(await refillAt('2026-03-11T15:29:59Z')).toHaveLength(1)
  })
})
