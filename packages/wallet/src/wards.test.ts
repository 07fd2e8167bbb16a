import { GUARDIANSHIP, NETWORK_CERTIFICATE, WARD_CERTIFICATE } from '@netcert/credential'
import { createTransactionData, MINOR_ACT } from '@netcert/protocol'
import type { HeldWard, Wallet } from '@netcert/wallet'
import { beforeEach, describe, expect, it } from 'vitest'
import { minorClaims, PLATFORM_ID } from '../../../test/accreditation-ground.js'
import { platformWalletGround } from '../../../test/platform-wallet-ground.js'
import { later } from '../../../test/trust-domain.js'

const ground = platformWalletGround()
const { vci } = ground
const DAY = 86_400
const refusal = (code: string) => expect.objectContaining({ code })
const numbered = [{ path: ['platform_number'] }]
const both = [NETWORK_CERTIFICATE, WARD_CERTIFICATE]
const credentials = [
  { format: 'dc+sd-jwt', vctValues: both, claims: [['platform_number'], ['real_person']] },
  { format: 'dc+sd-jwt', vctValues: [GUARDIANSHIP], claims: [['platform_number']] },
] as const

let mother: Wallet
beforeEach(async () => {
  vci.issuer.behaviour.wards = ['ward-certificate:a', 'ward-certificate:b', 'guardianship:c']
  mother = await vci.open({ dir: `${vci.ground.folder}/mother` })
  const ids = ['ward-certificate', 'guardianship']
  await vci.receive(mother, { offer: vci.issuer.offer({ ids }) })
  ground.use(mother)
})

const endOfDay = () => new Date(vci.ground.now.getTime() + DAY * 1000)

/** A question for a child's number, or a consent to an act. */
const linkFor = (vct: string, changes: object = {}) =>
  ground.link({
    accredited: { credentials, issuedAt: vci.ground.now, expiresAt: endOfDay() },
    query: {
      credentials: [
        { id: 'certificate', format: 'dc+sd-jwt', meta: { vct_values: [vct] }, claims: numbered },
      ],
    },
    changes,
  })

const act = (changes: object = {}) => ({
  transaction_data: [
    createTransactionData({
      ...{ type: MINOR_ACT, credential_ids: ['certificate'] },
      ...{ act: 'A'.repeat(22), action: { 'zh-CN': '购买', en: 'Buy' }, limit: null },
      ...{ expires_at: later(3_600).getTime() / 1000, ...changes },
    }),
  ],
})

async function answer(
  link: string,
  ward?: string,
  choose?: (wards: readonly HeldWard[]) => string,
) {
  return mother.answerRequest({
    ...{ request: link, consent: () => 'share' },
    ...(ward === undefined ? {} : { ward }),
    ...(choose === undefined ? {} : { chooseWard: choose }),
  })
}

const numberOf = () => ground.numberIn(ground.lastPresentation())

describe('a guardian’s wallet', () => {
  it('tells children apart by labels of its own, and keeps them over new offers', async () => {
    const wards = await mother.wards.list()
    expect(wards.map(({ label }) => label)).toEqual(['child-1', 'child-2', 'child-3'])
    await mother.wards.rename('child-1', '小雨')
    await vci.receive(mother, { offer: vci.issuer.offer({ ids: ['ward-certificate'] }) })
    const again = await mother.wards.list()
    expect(again.map(({ id }) => id).toSorted()).toEqual(wards.map(({ id }) => id).toSorted())
    expect(JSON.stringify(vci.issuer.asked)).not.toContain('小雨')
    for (const label of ['小雨', 'child-2', '', 'a\u202eb', 'x'.repeat(300)]) {
      await expect(mother.wards.rename('child-3', label)).rejects.toThrow(refusal('ward_label'))
    }
  })

  it('asks which child it is about, unless there is one that fits', async () => {
    const link = await linkFor(WARD_CERTIFICATE)
    const preview = await mother.previewRequest(link)
    expect(preview).toMatchObject({ state: 'needs_ward', credentials: [] })
    expect(preview.wards.map(({ label }) => label)).toEqual(['child-1', 'child-2'])
    await expect(answer(link)).rejects.toThrow(refusal('ward_needed'))
    await expect(answer(link, undefined, () => 'nobody')).rejects.toThrow(refusal('ward_needed'))
    await expect(answer(link, 'child-9')).rejects.toThrow(refusal('ward_unknown'))
    expect(ground.server.answers).toEqual([])
    await answer(link, undefined, ([first]) => first!.id)
    const first = numberOf()
    await answer(await linkFor(WARD_CERTIFICATE), 'child-2')
    expect(numberOf()).not.toBe(first)
    await answer(await linkFor(GUARDIANSHIP, act()))
    expect(new Set([first, numberOf()]).size).toBe(2)
  })

  it('shows each child’s number with that child’s copy alone, again and again', async () => {
    await answer(await linkFor(WARD_CERTIFICATE), 'child-1')
    const first = numberOf()
    vci.issuer.asked.splice(0)
    await answer(await linkFor(WARD_CERTIFICATE), 'child-1')
    expect(numberOf()).toBe(first)
    expect(vci.issuer.asked).toEqual([])
    const [line] = await mother.ledger()
    expect(line).toMatchObject({ ward: { label: 'child-1' }, platform: { id: PLATFORM_ID } })
  })

  it('counts what a platform was shown for each person by itself', async () => {
    const accredited = { credentials, maxClaims: 1 }
    const asked = { query: { credentials: [wardQuery] }, accredited }
    await answer(await ground.link(asked), 'child-1')
    await answer(await ground.link(asked), 'child-2')
    expect((await mother.ledger()).map(({ ward }) => ward?.label)).toEqual(['child-2', 'child-1'])
  })

  it('shows no copy of a child to a verifier that asks for the citizen’s own', async () => {
    const link = await linkFor(NETWORK_CERTIFICATE)
    await expect(answer(link)).rejects.toThrow(refusal('platform_copy_missing'))
    await expect(answer(link, 'child-1')).rejects.toThrow(refusal('query_unanswered'))
  })

  it('renews a child’s copy by itself, with the same number', async () => {
    await answer(await linkFor(WARD_CERTIFICATE), 'child-1')
    const first = numberOf()
    vci.ground.now = later(29.5 * DAY)
    const renewed = async () => (await mother.refill()).filter(({ platformId }) => platformId)
    let reports = await renewed()
    while (reports.length === 0) {
      vci.ground.now = new Date(vci.ground.now.getTime() + 3_600_000)
      reports = await renewed()
    }
    expect(reports).toMatchObject([{ kind: 'received', configurationId: 'ward-certificate' }])
    vci.issuer.asked.splice(0)
    await answer(await linkFor(WARD_CERTIFICATE), 'child-1')
    expect(numberOf()).toBe(first)
  })
})

const wardQuery = {
  ...{ id: 'certificate', format: 'dc+sd-jwt', claims: numbered },
  meta: { vct_values: [WARD_CERTIFICATE] },
}

describe('a guardianship', () => {
  it('is fetched for one act, shown once and gone', async () => {
    await answer(await linkFor(GUARDIANSHIP, act()))
    const first = numberOf()
    const kept = (await mother.list()).filter(({ vct }) => vct === GUARDIANSHIP)
    expect(kept.map(({ kind, remaining }) => [kind, remaining])).toEqual([['one-time', 0]])
    await answer(await linkFor(GUARDIANSHIP, act()))
    expect(numberOf()).toBe(first)
  })

  it('is not shown without an act to consent to', async () => {
    await expect(answer(await linkFor(GUARDIANSHIP))).rejects.toThrow(refusal('query_unanswered'))
    expect(ground.server.answers).toMatchObject([{ error: 'access_denied' }])
  })

  it.each([
    ['an act without words', { action: { 'zh-CN': '', en: '' } }],
    ['a member that nobody would see', { more: 'hidden' }],
    ['a limit that is none', { limit: { amount: '-1', currency: 'CNY' } }],
  ])('is not shown for %s', async (_what, changes) => {
    const link = await linkFor(GUARDIANSHIP, act(changes))
    await expect(answer(link)).rejects.toThrow(refusal('transaction_data'))
  })

  it('is kept within reach by a grant that is renewed now and then', async () => {
    vci.issuer.behaviour.wards = ['guardianship:c']
    const father = await vci.open({ dir: `${vci.ground.folder}/father` })
    await vci.receive(father, { offer: vci.issuer.offer({ ids: ['guardianship'] }) })
    vci.issuer.asked.splice(0)
    expect(await father.refill()).toEqual([])
    expect(vci.issuer.pathsAsked()).toEqual([])
    vci.ground.now = later(31 * DAY)
    expect(await father.refill()).toEqual([])
    expect(vci.issuer.pathsAsked()).toContain('/tenant/token')
    expect(vci.issuer.pathsAsked().filter((path) => path.endsWith('/credential'))).toEqual([])
  })
})

describe('what ends', () => {
  const wardCopies = async () => (await mother.list()).filter(({ vct }) => vct === WARD_CERTIFICATE)

  it('is forgotten at the 14th birthday, at midnight in Shanghai and not before', async () => {
    vci.issuer.behaviour.wardClaims = { birthdate: '2012-03-03' }
    const father = await vci.open({ dir: `${vci.ground.folder}/father` })
    await vci.receive(father, { offer: vci.issuer.offer({ ids: ['ward-certificate'] }) })
    const midnight = new Date('2026-03-02T16:00:00Z')
    vci.ground.now = new Date(midnight.getTime() - 1000)
    await father.refill()
    expect((await father.list()).map(({ vct }) => vct)).toContain(WARD_CERTIFICATE)
    vci.issuer.behaviour.wards = []
    // It may have been renewed in the second before: the token of then is good no more.
    vci.issuer.state.accessTokens.clear()
    vci.ground.now = midnight
    await father.refill()
    expect(await father.list()).toEqual([])
  })

  it('by a change of custody is forgotten with the next token, and no more asked for', async () => {
    await answer(await linkFor(WARD_CERTIFICATE), 'child-1')
    expect(await wardCopies()).toHaveLength(3)
    vci.issuer.behaviour.wards = ['ward-certificate:b', 'guardianship:c']
    // Whatever hour chance took for it, the renewal is due, and the copies have not ended.
    vci.ground.now = later(30 * DAY - 3_600)
    await mother.refill()
    const wards = new Map((await mother.wards.list()).map(({ id, label }) => [id, label]))
    const labels = (await wardCopies()).map(({ ward }) => wards.get(ward ?? ''))
    expect(new Set(labels)).toEqual(new Set(['child-2']))
    await expect(answer(await linkFor(WARD_CERTIFICATE), 'child-1')).rejects.toThrow(
      refusal('platform_copy_missing'),
    )
  })
})

describe('who a minor is in plain words', () => {
  const naming = {
    ...{ id: 'certificate', format: 'dc+sd-jwt' },
    ...{ meta: { vct_values: [NETWORK_CERTIFICATE] }, claims: [{ path: ['family_name'] }] },
  }
  const asked = (legalBasis: 'consent' | `law:${string}`) => ({
    accredited: {
      legalBasis,
      credentials: [
        { format: 'dc+sd-jwt', vctValues: [NETWORK_CERTIFICATE], claims: [['family_name']] },
      ] as const,
    },
    query: { credentials: [naming] },
  })

  it('is not shown by consent, and is where a law demands it', async () => {
    vci.issuer.behaviour.wards = null
    vci.issuer.behaviour.claims = minorClaims
    const teen = await vci.open({ dir: `${vci.ground.folder}/teen` })
    await vci.receive(teen, { batch: 3 })
    ground.use(teen)
    expect((await ground.answer(asked('consent'))).code).toBe('minor_protected')
    expect(ground.server.answers).toMatchObject([{ error: 'access_denied' }])
    expect((await ground.answer(asked('law:网络安全法第24条'))).code).toBe('answered')
  })
})
