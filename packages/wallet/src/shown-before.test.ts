import { GUARDIANSHIP, NETWORK_CERTIFICATE, WARD_CERTIFICATE } from '@netcert/credential'
import { beforeEach, describe, expect, it } from 'vitest'
import { PLATFORM_ID } from '../../../test/accreditation-ground.js'
import { platformWalletGround, tokenFor } from '../../../test/platform-wallet-ground.js'
import { later } from '../../../test/trust-domain.js'
import { didAsker } from '../../../test/vp-verifier-ground.js'

const ground = platformWalletGround()
const { vci } = ground
const facts = { claims: [{ path: ['real_person'] }] }
const HOUR = 3_600
const never = { times: 0, last: null }

/** What the first screen of an answer says of the times before, as many hours after the start. */
async function beforeAt(hours: number, asked: Parameters<typeof ground.answer>[0] = facts) {
  vci.ground.now = later(hours * HOUR)
  const { previews } = await ground.answer(asked)
  return previews[0]?.before
}

describe('how often somebody was shown something before', () => {
  it('is never at first, and then once more each time, with the day of the last', async () => {
    expect(await beforeAt(0)).toEqual(never)
    expect(await beforeAt(1)).toEqual({ times: 1, last: later(0) })
    expect(await beforeAt(2)).toEqual({ times: 2, last: later(HOUR) })
    expect((await ground.wallet.previewRequest(await ground.link(facts))).before).toEqual({
      ...{ times: 3, last: later(2 * HOUR) },
    })
  })

  it('is not raised by what was refused, ignored or only looked at', async () => {
    await ground.answer(facts, 'refuse')
    await ground.answer(facts, 'ignore')
    await ground.wallet.previewRequest(await ground.link(facts))
    expect(await beforeAt(1)).toEqual(never)
  })

  it('counts one answer of several certificates once', async () => {
    const credential = (id: string) => ({
      ...{ id, format: 'dc+sd-jwt', meta: { vct_values: [NETWORK_CERTIFICATE] } },
      claims: [{ path: ['real_person'] }],
    })
    const query = { credentials: [credential('one'), credential('other')] }
    await ground.answer({ query, tokens: [] })
    expect(await ground.wallet.ledger()).toHaveLength(2)
    expect(await beforeAt(1, { ...facts, tokens: [] })).toEqual({ times: 1, last: later(0) })
  })

  it('knows a platform again by what its registrar vouches for, whatever key it asks with', async () => {
    await beforeAt(0)
    const asker = await didAsker()
    const tokens = [await tokenFor(vci, asker)]
    expect(await beforeAt(1, { ...facts, asker, tokens })).toMatchObject({ times: 1 })
  })

  it('knows somebody again that nobody vouches for by their own identifier alone', async () => {
    const stranger = { ...facts, tokens: [], asker: await didAsker() }
    expect(await beforeAt(0, stranger)).toEqual(never)
    expect(await beforeAt(1, stranger)).toMatchObject({ times: 1 })
    expect(await beforeAt(2, { ...stranger, asker: await didAsker() })).toEqual(never)
    expect(await beforeAt(3)).toEqual(never)
  })

  it('says nothing where who asks is not established', async () => {
    await ground.answer(facts)
    vci.ground.now = later(HOUR)
    const over = { ...facts, accredited: { expiresAt: later(HOUR / 2) } }
    const { code, previews } = await ground.answer(over)
    expect(code).toBe('accreditation_expired')
    expect(previews).toMatchObject([{ before: null }])
  })
})

describe('how often something of a child was shown before', () => {
  const credentials = [
    {
      format: 'dc+sd-jwt',
      vctValues: [NETWORK_CERTIFICATE, WARD_CERTIFICATE],
      claims: [['platform_number'], ['real_person']],
    },
    { format: 'dc+sd-jwt', vctValues: [GUARDIANSHIP], claims: [['platform_number']] },
  ] as const
  const link = (vct: string) =>
    ground.link({
      accredited: { credentials },
      query: {
        credentials: [
          {
            ...{ id: 'certificate', format: 'dc+sd-jwt', meta: { vct_values: [vct] } },
            claims: [{ path: ['platform_number'] }],
          },
        ],
      },
    })

  beforeEach(async () => {
    vci.issuer.behaviour.wards = ['ward-certificate:a', 'ward-certificate:b', 'guardianship:c']
    const mother = await vci.open({ dir: `${vci.ground.folder}/mother` })
    const ids = ['certificate', 'network-certificate-platform', 'ward-certificate', 'guardianship']
    await vci.receive(mother, { offer: vci.issuer.offer({ ids }), batch: 2 })
    ground.use(mother)
  })

  it('is counted for each child, and apart from what was shown of oneself', async () => {
    const request = await link(WARD_CERTIFICATE)
    const { wallet } = ground
    const about = async (ward: string) => (await wallet.previewRequest(request, ward)).before
    await wallet.answerRequest({ request, consent: () => 'share', ward: 'child-1' })
    expect(await about('child-1')).toMatchObject({ times: 1 })
    expect(await about('child-2')).toEqual(never)
    const own = await wallet.previewRequest(await link(NETWORK_CERTIFICATE))
    expect([own.before, (await wallet.ledger())[0]?.platform?.id]).toEqual([never, PLATFORM_ID])
  })

  it('is not said before it is known which child it is about', async () => {
    const preview = await ground.wallet.previewRequest(await link(WARD_CERTIFICATE))
    expect([preview.state, preview.before]).toEqual(['needs_ward', null])
  })
})
