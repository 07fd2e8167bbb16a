import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freshnessPolicies, verifyPresentation } from '@netcert/credential'
import { parseQuery } from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  adultClaims,
  createTrustDomain,
  later,
  type TrustDomain,
  testNow,
} from '../../../test/trust-domain.js'
import { type OpenWallet, openWallet } from './open.js'
import type { Wallet } from './wallet.js'

const over18 = parseQuery(queries['age-over-18'])
const networkNumber = parseQuery(queries['network-number'])
const shop = 'https://shop.example'
const bank = 'https://bank.example'
const nonce = 'nonce-of-good-length-1'
const refusal = (code: string) => expect.objectContaining({ code })

let domain: TrustDomain
let folder: string
let now: Date
const opened: OpenWallet[] = []

beforeAll(async () => {
  domain = await createTrustDomain()
})
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcert-wallet-'))
  now = testNow
})
afterEach(async () => {
  for (const { close } of opened.splice(0)) await close()
  await rm(folder, { recursive: true })
})

async function open(options: Partial<Parameters<typeof openWallet>[0]> = {}): Promise<Wallet> {
  const dir = join(folder, 'wallet')
  const trust = () => domain.trust()
  const wallet = await openWallet({ dir, clock: () => now, create: true, trust, ...options })
  opened.push(wallet)
  return wallet.wallet
}

async function receiveOneTime(wallet: Wallet, copies: number, claims = adultClaims) {
  const keys = await wallet.createHolderKeys(copies)
  const credentials = await Promise.all(keys.map((jwk) => domain.mint({ jwk, claims })))
  // In another order than the keys: copies are matched by key, not by position.
  await wallet.receive({ credentials: credentials.toReversed(), kind: 'one-time' })
}

async function receivePlatform(wallet: Wallet, status = 1) {
  const [jwk] = await wallet.createHolderKeys(1)
  const credential = await domain.mint({ jwk: jwk!, status, expiresAt: later(30 * 86_400) })
  await wallet.receive({ credentials: [credential], kind: 'platform' })
}

const check = async (presentation: string, audience = shop) =>
  verifyPresentation(await domain.trust(), presentation, {
    audience,
    nonce,
    keyBindingMaxAgeSeconds: 300,
    now,
    freshness: freshnessPolicies['grace-24h'],
    types: ['urn:netcert:network-certificate:1'],
    claimSets: [[]],
  })

/** What of a presentation stands for the copy it was made from: the issuer-signed part. */
const copyOf = (presentation: string) => presentation.split('~')[0]

describe('receiving', () => {
  it('matches copies to keys, counts them, and shows claims by name only', async () => {
    const wallet = await open()
    await receiveOneTime(wallet, 3)
    const [certificate] = await wallet.list()
    expect(certificate).toMatchObject({
      kind: 'one-time',
      vct: 'urn:netcert:network-certificate:1',
      issuer: domain.issuerDid,
      copies: 3,
      remaining: 3,
      expiresAt: later(7 * 86_400),
    })
    const shown = await wallet.show(certificate!.id)
    const name = shown.claims.find(({ path }) => path[0] === 'family_name')
    expect(name).toEqual({
      path: ['family_name'],
      class: 'identity',
      label: { 'zh-CN': '姓', en: 'Family name' },
    })
    expect(shown.claims.map(({ path }) => path)).toContainEqual(['age_equal_or_over', '18'])
    expect(shown.claims.map(({ path }) => path)).not.toContainEqual(['age_equal_or_over'])
    const revealed = await wallet.show(certificate!.id, { reveal: true })
    expect(revealed.claims.find(({ path }) => path[0] === 'family_name')?.value).toBe('Beispiel')
  })

  it('refuses a copy for a foreign key, and then stores none of the others', async () => {
    const wallet = await open()
    const stranger = await open({ dir: join(folder, 'stranger') })
    const [own] = await wallet.createHolderKeys(1)
    const [foreign] = await stranger.createHolderKeys(1)
    const credentials = await Promise.all([own!, foreign!].map((jwk) => domain.mint({ jwk })))
    await expect(wallet.receive({ credentials, kind: 'one-time' })).rejects.toThrow(
      refusal('key_foreign'),
    )
    expect(await wallet.list()).toEqual([])
  })

  it('refuses a second copy for one key: in one go, later, and to parallel callers', async () => {
    const wallet = await open()
    const [jwk] = await wallet.createHolderKeys(1)
    const one = await domain.mint({ jwk: jwk! })
    const two = await domain.mint({ jwk: jwk! })
    await expect(wallet.receive({ credentials: [one, two], kind: 'one-time' })).rejects.toThrow(
      refusal('copy_duplicate'),
    )
    const outcomes = await Promise.allSettled(
      [one, two].map((credential) =>
        wallet.receive({ credentials: [credential], kind: 'one-time' }),
      ),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await expect(wallet.receive({ credentials: [one], kind: 'one-time' })).rejects.toThrow(
      refusal('copy_duplicate'),
    )
    expect(await wallet.list()).toHaveLength(1)
  })

  it('refuses an untrusted issuer, an expired copy, a presentation, a mixture and nothing', async () => {
    const wallet = await open()
    const [jwk, other] = await wallet.createHolderKeys(2)
    const stranger = await createTrustDomain()
    const gatePass = {
      vct: 'urn:netcert:gate-pass:1',
      claims: { real_person: 'document', age_over_14: true, age_over_18: true, age_over_60: false },
    }
    const expired = domain.mint({ jwk: jwk!, expiresAt: testNow })
    const cases: [string, string[]][] = [
      ['issuer_untrusted', [await stranger.mint({ jwk: jwk! })]],
      ['time_expired', [await expired]],
      [
        'batch_mixed',
        [await domain.mint({ jwk: jwk! }), await domain.mint({ jwk: other!, ...gatePass })],
      ],
      ['batch_empty', []],
    ]
    for (const [code, credentials] of cases) {
      await expect(wallet.receive({ credentials, kind: 'one-time' })).rejects.toThrow(refusal(code))
    }
    expect(await wallet.list()).toEqual([])
  })

  it('leaves no claim readable on disk', async () => {
    const wallet = await open()
    await receiveOneTime(wallet, 2)
    await wallet.present({ query: over18, audience: shop, nonce })
    for (const { close } of opened.splice(0)) await close()
    const dir = join(folder, 'wallet')
    for (const name of await readdir(dir, { recursive: true, withFileTypes: true })) {
      if (!name.isFile()) continue
      const bytes = await readFile(join(name.parentPath, name.name), 'latin1')
      for (const secret of ['Beispiel', 'QmVpc3BpZWw', 'family_name', '~ey', 'shop.example']) {
        expect(bytes).not.toContain(secret)
      }
    }
  })
})

describe('presenting', () => {
  it('shows what was asked and nothing else, each time with another copy', async () => {
    const wallet = await open()
    await receiveOneTime(wallet, 3)
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
    const one = await open()
    await receiveOneTime(one, 8)
    const two = await open({ create: false })
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
    const wallet = await open()
    await receiveOneTime(wallet, 1)
    const [certificate] = await wallet.list()
    await wallet.present({ query: over18, audience: shop, nonce })
    await expect(wallet.show(certificate!.id)).rejects.toThrow(refusal('copies_used_up'))
  })

  it('keeps a platform copy for its first audience', async () => {
    const wallet = await open()
    await receivePlatform(wallet)
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
    const wallet = await open()
    await receivePlatform(wallet)
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
    const wallet = await open()
    await receiveOneTime(wallet, 1)
    await receivePlatform(wallet)
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
    const wallet = await open()
    await receiveOneTime(wallet, 1)
    await receivePlatform(wallet)
    const shown = await wallet.present({ query: over18, audience: shop, nonce, kind: 'platform' })
    expect(shown.copy.kind).toBe('platform')
  })

  it('refuses what it does not hold, and a false value', async () => {
    const wallet = await open()
    await receiveOneTime(wallet, 2, {
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

  it('never shows an expired copy, and forgets it on opening', async () => {
    const wallet = await open()
    await receiveOneTime(wallet, 2)
    now = later(7 * 86_400)
    await expect(wallet.present({ query: over18, audience: shop, nonce })).rejects.toThrow(
      refusal('query_unanswered'),
    )
    now = testNow
    expect(await wallet.list()).toHaveLength(1)
    now = later(7 * 86_400)
    await open({ create: false })
    now = testNow
    expect(await wallet.list()).toEqual([])
  })

  it('tells before the consent what will be shown, and uses nothing up', async () => {
    const wallet = await open()
    await receiveOneTime(wallet, 1)
    await receivePlatform(wallet)
    expect(await wallet.preview({ query: over18, audience: shop })).toMatchObject({
      kind: 'one-time',
      claims: [{ path: ['age_equal_or_over', '18'], class: 'fact' }],
      remainingAfter: 0,
      hints: ['last_copy'],
    })
    expect(await wallet.preview({ query: networkNumber, audience: shop })).toMatchObject({
      kind: 'platform',
      remainingAfter: 1,
      hints: ['reveals_number', 'ties_platform_copy'],
    })
    expect((await wallet.remaining()).map(({ copies }) => copies).toSorted()).toEqual([1, 1])
    expect(await wallet.ledger()).toEqual([])
  })

  it('writes names and never values into the ledger', async () => {
    const wallet = await open()
    await receiveOneTime(wallet, 2)
    await wallet.present({ query: over18, audience: shop, nonce })
    now = later(60)
    await wallet.present({ query: over18, audience: bank, nonce })
    const entry = {
      vct: 'urn:netcert:network-certificate:1',
      kind: 'one-time',
      claims: [['age_equal_or_over', '18']],
    }
    expect(await wallet.ledger()).toEqual([
      { ...entry, disclosedAt: later(60), audience: bank },
      { ...entry, disclosedAt: testNow, audience: shop },
    ])
  })
})
