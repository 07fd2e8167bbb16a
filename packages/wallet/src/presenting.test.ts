import { freshnessPolicies, verifyPresentation } from '@netcert/credential'
import { parseQuery } from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import { describe, expect, it } from 'vitest'
import { adultClaims } from '../../../test/trust-domain.js'
import { walletGround } from '../../../test/wallet-ground.js'

const over18 = parseQuery(queries['age-over-18'])
const networkNumber = parseQuery(queries['network-number'])
const shop = 'https://shop.example'
const bank = 'https://bank.example'
const nonce = 'nonce-of-good-length-1'
const refusal = (code: string) => expect.objectContaining({ code })
const ground = walletGround()

const check = async (presentation: string, audience = shop) =>
  verifyPresentation(await ground.domain.trust(), presentation, {
    audience,
    nonce,
    keyBindingMaxAgeSeconds: 300,
    now: ground.now,
    freshness: freshnessPolicies['grace-24h'],
    types: ['urn:netcert:network-certificate:1'],
    claimSets: [[]],
    platform: null,
  })

/** What of a presentation stands for the copy it was made from: the issuer-signed part. */
const copyOf = (presentation: string) => presentation.split('~')[0]

describe('presenting', () => {
  it('shows what was asked and nothing else, each time with another copy', async () => {
    const wallet = await ground.open()
    await ground.receiveOneTime(wallet, 3)
    const presented = []
    for (const remaining of [2, 1, 0]) {
      const shown = await wallet.present({ query: over18, audience: shop, nonce })
      expect(shown).toMatchObject({ disclosed: [['age_equal_or_over', '18']], remaining })
      const { claims } = await check(shown.presentation)
      expect(claims).toEqual({})
      // The parent and the one member: two disclosures.
      expect(shown.presentation.split('~')).toHaveLength(4)
      presented.push(copyOf(shown.presentation))
    }
    expect(new Set(presented).size).toBe(3)
    await expect(wallet.present({ query: over18, audience: shop, nonce })).rejects.toThrow(
      refusal('copies_used_up'),
    )
    expect(await wallet.remaining()).toEqual([
      { vct: 'urn:netcert:network-certificate:1', kind: 'one-time', copies: 0 },
    ])
  })

  it('uses no copy twice in 12 parallel calls over two openings of one wallet', async () => {
    const one = await ground.open()
    await ground.receiveOneTime(one, 8)
    const two = await ground.open({ create: false })
    const outcomes = await Promise.allSettled(
      Array.from({ length: 12 }, (_, call) =>
        (call % 2 === 0 ? one : two).present({ query: over18, audience: shop, nonce }),
      ),
    )
    const copies = outcomes.flatMap((outcome) =>
      outcome.status === 'fulfilled' ? [copyOf(outcome.value.presentation)] : [],
    )
    expect(copies).toHaveLength(8)
    expect(new Set(copies).size).toBe(8)
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toEqual(refusal('copies_used_up'))
    }
  })

  it('erases certificate and key of a used copy', async () => {
    const wallet = await ground.open()
    await ground.receiveOneTime(wallet, 1)
    const [certificate] = await wallet.list()
    await wallet.present({ query: over18, audience: shop, nonce })
    await expect(wallet.show(certificate!.id)).rejects.toThrow(refusal('copies_used_up'))
  })

  it('keeps a platform copy for its first audience', async () => {
    const wallet = await ground.open()
    await ground.receivePlatform(wallet)
    const first = await wallet.present({ query: over18, audience: shop, nonce })
    expect(first).toMatchObject({ remaining: 1, copy: { kind: 'platform' } })
    const again = await wallet.present({ query: over18, audience: shop, nonce })
    expect(copyOf(again.presentation)).toBe(copyOf(first.presentation))
    expect((await check(again.presentation)).freshness.verdict).toBe('valid')
    await expect(wallet.present({ query: over18, audience: bank, nonce })).rejects.toThrow(
      refusal('query_unanswered'),
    )
  })

  it('ties a platform copy to one audience only, when two ask at once', async () => {
    const wallet = await ground.open()
    await ground.receivePlatform(wallet)
    const outcomes = await Promise.allSettled(
      [shop, bank, shop, bank].map((audience) =>
        wallet.present({ query: over18, audience, nonce }),
      ),
    )
    const served = [shop, bank, shop, bank].filter((_, at) => outcomes[at]?.status === 'fulfilled')
    expect(served).toHaveLength(2)
    expect(new Set(served).size).toBe(1)
  })

  it('shows facts with a one-time copy and a number with the platform copy', async () => {
    const wallet = await ground.open()
    await ground.receiveOneTime(wallet, 1)
    await ground.receivePlatform(wallet)
    const facts = await wallet.present({ query: over18, audience: shop, nonce })
    expect(facts.copy.kind).toBe('one-time')
    const number = await wallet.present({ query: networkNumber, audience: shop, nonce })
    expect(number.copy.kind).toBe('platform')
    // No one-time copy is left: the shop's own platform copy stands in, at the shop only.
    const later18 = await wallet.present({ query: over18, audience: shop, nonce })
    expect(later18.copy.kind).toBe('platform')
    await expect(wallet.present({ query: over18, audience: bank, nonce })).rejects.toThrow(
      refusal('copies_used_up'),
    )
  })

  it('takes the kind of copy that is asked for', async () => {
    const wallet = await ground.open()
    await ground.receiveOneTime(wallet, 1)
    await ground.receivePlatform(wallet)
    const shown = await wallet.present({ query: over18, audience: shop, nonce, kind: 'platform' })
    expect(shown.copy.kind).toBe('platform')
  })

  it('refuses what it does not hold, and a false value', async () => {
    const wallet = await ground.open()
    await ground.receiveOneTime(wallet, 2, {
      ...adultClaims,
      age_equal_or_over: { '14': true, '18': false },
    })
    await expect(wallet.present({ query: over18, audience: shop, nonce })).rejects.toThrow(
      refusal('query_unanswered'),
    )
    const gate = parseQuery(queries['gate-age-over-18'])
    await expect(wallet.present({ query: gate, audience: shop, nonce })).rejects.toThrow(
      refusal('query_unanswered'),
    )
    expect((await wallet.list())[0]?.remaining).toBe(2)
  })
})
