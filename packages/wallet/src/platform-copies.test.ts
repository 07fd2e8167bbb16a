import { describe, expect, it } from 'vitest'
import { PLATFORM_ID } from '../../../test/accreditation-ground.js'
import { platformWalletGround, SIGN_IN } from '../../../test/platform-wallet-ground.js'
import { later } from '../../../test/trust-domain.js'

const ground = platformWalletGround()
const { vci } = ground
const HOUR = 3600
const DAY = 24 * HOUR

/** Moves the clock on from where it stands. */
const pass = (seconds: number) => {
  vci.ground.now = new Date(vci.ground.now.getTime() + seconds * 1000)
}

/**
 * Refills hour by hour until the platform's copy came: other certificates may come in the hour that
 * it is due in, and then it waits.
 */
async function fetchedInTime() {
  for (let hours = 0; hours < 48; hours += 1) {
    const reports = await ground.wallet.refill()
    const ofPlatform = reports.filter(({ platformId }) => platformId === PLATFORM_ID)
    if (ofPlatform.length > 0) return ofPlatform
    pass(HOUR)
  }
  return []
}

describe("a platform's own copy", () => {
  it('is fetched after the citizen agreed, and the issuer sees a random point', async () => {
    const { code, previews } = await ground.answer()
    expect(code).toBe('answered')
    expect(previews.map(({ state }) => state)).toEqual(['needs_platform_copy', 'ready'])
    expect(previews[0]?.needed).toMatchObject({ issuer: vci.issuer.issuer, why: 'first' })
    expect(ground.blindedAsked()).toEqual([expect.stringMatching(/^[\w-]{44}$/)])
    expect(JSON.stringify(vci.issuer.asked)).not.toContain('shop.example')
    expect(ground.numberIn(ground.lastPresentation())).toMatch(/^P[0-9A-Z]{22}$/)
  })

  it('asks no issuer when the citizen says no', async () => {
    expect((await ground.answer({}, 'refuse')).code).toBe('consent_refused')
    expect(vci.issuer.asked).toEqual([])
    expect(ground.server.answers).toEqual([
      { error: 'access_denied', state: 'state-of-this-one-request' },
    ])
  })

  it('is used again without the issuer, and only there', async () => {
    await ground.answer()
    const first = ground.numberIn(ground.lastPresentation())
    vci.issuer.asked.splice(0)
    expect((await ground.answer()).previews.map(({ state }) => state)).toEqual(['ready'])
    expect(vci.issuer.asked).toEqual([])
    expect(ground.numberIn(ground.lastPresentation())).toBe(first)

    const other = { platformId: 'https://bank.example' }
    const { previews } = await ground.answer({ accredited: other })
    expect(previews.map(({ state }) => state)).toEqual(['needs_platform_copy', 'ready'])
    const number = ground.numberIn(ground.lastPresentation(), 'https://bank.example')
    expect(number).not.toBe(first)
    expect(() => ground.numberIn(ground.lastPresentation())).toThrow(
      expect.objectContaining({ code: 'platform_number_mismatch' }),
    )
  })

  it('is not shown to a verifier that nobody accredited, nor to one that names itself so', async () => {
    await ground.answer()
    const numbered = copyOf(ground.lastPresentation())
    const facts = [{ path: ['real_person'] }]
    const shown = new Set<string>()
    // Three one-time copies, and then the copy without a number, which is tied to this verifier.
    for (let turn = 0; turn < 5; turn += 1) {
      expect((await ground.answer({ tokens: [], claims: facts })).code).toBe('answered')
      shown.add(copyOf(ground.lastPresentation()))
    }
    expect(shown.size).toBe(4)
    expect(shown).not.toContain(numbered)
    const asking = { audience: PLATFORM_ID, nonce: 'n-0S6_WzA2Mj-1' }
    for (const claims of [facts, [{ path: ['platform_number'] }]]) {
      await expect(
        ground.wallet.present({ ...asking, query: query(claims) }),
      ).rejects.toMatchObject({ code: 'copies_used_up' })
    }
  })

  it('comes once however many ask at the same time, from one wallet or two', async () => {
    const second = await vci.open({ create: false })
    const link = await ground.link()
    const consent = () => 'share' as const
    const answers = await Promise.all(
      [ground.wallet, second, ground.wallet, second].map((wallet) =>
        wallet.answerRequest({ request: link, consent }),
      ),
    )
    expect(answers).toHaveLength(4)
    expect(ground.blindedAsked()).toHaveLength(1)
    expect((await ground.wallet.platforms()).map(({ platformId }) => platformId)).toEqual([
      PLATFORM_ID,
    ])
  })

  it('is renewed with another blinding and the same number, and the old one is erased', async () => {
    await ground.answer()
    const first = ground.lastPresentation()
    const old = (await ground.wallet.platforms())[0]?.batch
    pass(29 * DAY)
    const reports = await ground.wallet.refill()
    expect(reports.filter(({ platformId }) => platformId === PLATFORM_ID)).toEqual([])
    pass(HOUR)
    // The one-time copies came in the hour before; the platform's copy never in the same.
    expect(await fetchedInTime()).toMatchObject([{ kind: 'received' }])
    await ground.answer({
      changes: {},
      accredited: { expiresAt: later(40 * DAY), issuedAt: later(20 * DAY) },
    })
    expect(ground.blindedAsked()).toHaveLength(2)
    expect(ground.numberIn(ground.lastPresentation())).toBe(ground.numberIn(first))
    const held = (await ground.wallet.list()).map(({ id }) => id)
    expect(held).not.toContain(old)
    expect(held).toContain((await ground.wallet.platforms())[0]?.batch)
  })

  it('has the same number on a new phone', async () => {
    await ground.answer()
    const before = ground.numberIn(ground.lastPresentation())
    const phone = await ground.openWallet({ dir: `${vci.ground.folder}/new-phone` })
    ground.use(phone)
    await ground.answer()
    expect(ground.numberIn(ground.lastPresentation())).toBe(before)
  })

  it('is fetched ahead within a day, by the refill and not by the request', async () => {
    const dueAt = await ground.wallet.preparePlatform(PLATFORM_ID)
    expect(dueAt.getTime()).toBeGreaterThanOrEqual(later(HOUR).getTime())
    expect(dueAt.getTime()).toBeLessThan(later(25 * HOUR).getTime())
    await ground.wallet.refill()
    expect(ground.blindedAsked()).toEqual([])
    pass(26 * HOUR)
    expect(await fetchedInTime()).toMatchObject([{ kind: 'received', reason: 'schedule' }])
    vci.issuer.asked.splice(0)
    expect((await ground.answer()).previews.map(({ state }) => state)).toEqual(['ready'])
    expect(vci.issuer.asked).toEqual([])
  })

  it('comes in no hour in which another one came', async () => {
    for (const name of ['a', 'b', 'c'])
      await ground.wallet.preparePlatform(`https://${name}.example`)
    pass(26 * HOUR)
    const hours: number[] = []
    for (let hour = 0; hour < 120; hour += 1) {
      for (const { platformId } of await ground.wallet.refill()) {
        if (platformId !== undefined) hours.push(hour)
      }
      pass(HOUR)
    }
    expect(hours.length).toBeGreaterThanOrEqual(3)
    expect(new Set(hours).size).toBe(hours.length)
  })

  it('needs a grant for it, and says so to the citizen alone', async () => {
    const poor = await vci.open({ dir: `${vci.ground.folder}/poor` })
    await vci.receive(poor, { batch: 1 })
    ground.use(poor)
    expect((await ground.answer()).code).toBe('platform_copy_missing')
    expect(ground.server.answers).toEqual([
      { error: 'access_denied', state: 'state-of-this-one-request' },
    ])
    await expect(poor.preparePlatform(PLATFORM_ID)).rejects.toMatchObject({
      code: 'platform_copy_missing',
    })
  })
})

describe('an issuer that does not do as it is asked', () => {
  it('with another blinding, without a number, or with points that are none, is refused', async () => {
    const spoil = [
      (it: { b: string; e: string }) => ({ ...it, b: it.e }),
      () => null,
      (it: { b: string; e: string }) => ({ ...it, e: 'AAAA' }),
    ]
    for (const platformNumber of spoil) {
      vci.issuer.behaviour.platformNumber = platformNumber
      const { code } = await ground.answer()
      expect(code).toBe('platform_copy_refused')
    }
    expect((await ground.wallet.list()).filter(({ copies }) => copies === 1)).toHaveLength(1)
    expect(ground.server.answers).toEqual([])
  })

  it('with the answer it gave for another platform, is refused', async () => {
    await ground.answer()
    const { e } = vci.issuer.state.lastNumber ?? { e: '' }
    vci.issuer.behaviour.platformNumber = (it) => ({ ...it, e })
    const { code } = await ground.answer({ accredited: { platformId: 'https://bank.example' } })
    expect(code).toBe('platform_copy_refused')
  })

  it('with another number than before, under the same grant, is refused', async () => {
    await ground.answer()
    vci.issuer.behaviour.person = { ...vci.issuer.behaviour.person, salt: new Uint8Array(32) }
    const { code } = await ground.answer({ claims: [...SIGN_IN, { path: ['presence_at'] }] })
    expect(code).toBe('platform_number_changed')
  })
})

const copyOf = (presentation: string) => presentation.split('~')[0] ?? ''

const query = (claims: readonly object[]) =>
  ({
    credentials: [
      {
        id: 'certificate',
        format: 'dc+sd-jwt',
        meta: { vct_values: ['urn:netcert:network-certificate:1'] },
        claims,
      },
    ],
  }) as never
