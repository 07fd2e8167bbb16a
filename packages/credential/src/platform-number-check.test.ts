import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  claimsOfAnAdult,
  codeOf,
  codeOfTrial,
  demands,
  mint,
  NONCE,
  present,
  signStatusList,
  type Trial,
  trustWith,
  tryPresentation,
} from '../../../test/trust-ground.js'
import {
  type Demands,
  type JsonValue,
  NETWORK_CERTIFICATE,
  type Platform,
  verifyPresentation,
} from './index.js'
import { blindPlatformId, createPlatform, evaluateBlinded } from './platform-number.js'

const shop = createPlatform('p-4711')
const bank = createPlatform('p-4712')
const secrets = { key: new Uint8Array(32).fill(7), salt: new Uint8Array(32).fill(1) }
const somebody = { ...secrets, salt: new Uint8Array(32).fill(2) }
const path = ['platform_number']

const forShop = blindPlatformId('p-4711')
const shopPair = evaluateBlinded({ ...secrets, b: forShop.b })
const forBank = blindPlatformId('p-4712')
const bankPair = evaluateBlinded({ ...secrets, b: forBank.b })

/** A copy with this pair, shown with this blinding to this platform. */
const showing = (options: {
  readonly pair?: JsonValue
  readonly r?: JsonValue | undefined
  readonly platform?: Platform | null
}): Trial => {
  const { pair = shopPair, platform = shop } = options
  const r = 'r' in options ? options.r : forShop.r
  return {
    mint: { claims: { ...claimsOfAnAdult, platform_number: pair } },
    present: {
      paths: [path, ['age_band']],
      keyBindingClaims: r === undefined ? {} : { platform_number_r: r },
    },
    demands: { claimSets: [[{ path }, { path: ['age_band'] }]], platform },
  }
}

describe('a presentation with a platform number', () => {
  it('gives the number, and the blinded pair to nobody', async () => {
    const verified = await tryPresentation(showing({}))
    expect(verified.platformNumber).toMatch(/^P\w{22}$/)
    expect(verified.claims).toEqual({ age_band: '18+' })
    const text = JSON.stringify(verified)
    for (const part of [shopPair.b, shopPair.e, forShop.r]) expect(text).not.toContain(part)
  })

  it('gives the same number from another copy, and another at another platform', async () => {
    const again = blindPlatformId('p-4711')
    const pair = evaluateBlinded({ ...secrets, b: again.b })
    const first = await tryPresentation(showing({}))
    const second = await tryPresentation(showing({ pair, r: again.r }))
    expect(second.platformNumber).toBe(first.platformNumber)
    const there = showing({ pair: bankPair, r: forBank.r, platform: bank })
    expect((await tryPresentation(there)).platformNumber).not.toBe(first.platformNumber)
  })

  it.each<[string, string, Parameters<typeof showing>[0]]>([
    ['without a blinding', 'platform_number_r_missing', { r: undefined }],
    ['with a blinding that is no text', 'platform_number_r_missing', { r: 7 }],
    ['with a blinding of nothing', 'platform_number_invalid', { r: '' }],
    ['with the blinding of another platform', 'platform_number_mismatch', { r: forBank.r }],
    ['made for another platform', 'platform_number_mismatch', { pair: bankPair, r: forBank.r }],
    ['shown on by the platform that got it', 'platform_number_mismatch', { platform: bank }],
    ['with b and e swapped', 'platform_number_mismatch', { pair: swapped(shopPair) }],
    ['with b alone', 'platform_number_invalid', { pair: { b: shopPair.b } }],
    ['with a pair that is text', 'platform_number_invalid', { pair: shopPair.b }],
    ['with e off the curve', 'platform_number_invalid', { pair: { ...shopPair, e: 'x' } }],
    ['to a verifier that opens none', 'platform_number_unopened', { platform: null }],
  ])('is refused %s: %s', async (_what, code, options) => {
    expect(await codeOfTrial(showing(options))).toBe(code)
  })

  it('is refused with a pair of the wallet’s own making, or another person’s', async () => {
    const stranger = evaluateBlinded({ ...somebody, b: forShop.b })
    const certificate = await mint(showing({}).mint)
    const presentation = await present(certificate, showing({}).present)
    const shown = presentation.split('~').map((part) => {
      const text = Buffer.from(part, 'base64url').toString()
      if (!text.includes('"platform_number",')) return part
      return Buffer.from(text.replace(shopPair.e, stranger.e)).toString('base64url')
    })
    expect(shown.join('~')).not.toBe(presentation)
    const { demands: asked } = showing({})
    const trust = await trustWith([await signStatusList()])
    const code = await verifyPresentation(trust, shown.join('~'), demands(asked)).then(
      () => 'accepted',
      codeOf,
    )
    expect(code).toBe('disclosure_unreferenced')
  })

  it('is judged by every other check first: the dear one comes last', async () => {
    const wrong = showing({ r: forBank.r })
    const asked = { ...wrong.demands }
    expect(await codeOfTrial({ ...wrong, demands: { ...asked, nonce: `${NONCE}x` } })).toBe(
      'kb_nonce',
    )
    const other = { ...asked, claimSets: [[{ path }, { path: ['sex'] }]] }
    expect(await codeOfTrial({ ...wrong, demands: other })).toBe('query_unsatisfied')
  })
})

describe('a number that is not opened', () => {
  it.each([[['platform_number', 'b']], [['platform_number', 'e']]])(
    'is not to be had piece by piece: %j',
    async (piece) => {
      const trial = showing({})
      const asked = { claimSets: [[{ path: piece }, { path: ['age_band'] }]] }
      const unopened = { ...trial, demands: { ...asked, platform: null } }
      expect(await codeOfTrial(unopened)).toBe('platform_number_unopened')
      const verified = await tryPresentation({ ...trial, demands: { ...asked, platform: shop } })
      expect(verified.claims).toEqual({ age_band: '18+' })
      expect(verified.platformNumber).toMatch(/^P\w{22}$/)
    },
  )

  it('is left out where it was shown and not asked for', async () => {
    const trial = { ...showing({}), demands: { claimSets: [[{ path: ['age_band'] }]] } }
    const verified = await tryPresentation(trial)
    expect(verified.claims).toEqual({ age_band: '18+' })
    expect(verified.platformNumber).toBeNull()
  })

  it('cannot come of demands that forget the platform', async () => {
    const { platform: _forgotten, ...rest } = demands()
    // @ts-expect-error `platform` is required
    const incomplete: Demands = rest
    expect(incomplete.types).toEqual([NETWORK_CERTIFICATE])
    const trial = showing({})
    const forgotten = { ...trial.demands, platform: undefined as unknown as null }
    expect(await codeOfTrial({ ...trial, demands: forgotten })).toBe('platform_number_unopened')
  })

  it('cannot come of an object that only looks like a platform', () => {
    const pretender = { id: 'p-4711', openNumber: () => 'PV7YG7F46QGK5S6NDW29E09' }
    expectTypeOf(pretender).not.toExtend<Platform>()
    expectTypeOf(shop).toExtend<Platform>()
    expect(Object.isFrozen(shop)).toBe(true)
  })
})

function swapped({ b, e }: { readonly b: string; readonly e: string }): JsonValue {
  return { b: e, e: b }
}
