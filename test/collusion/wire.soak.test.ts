import type { Wallet } from '@netcert/wallet'
import { describe, expect, it } from 'vitest'
import { platformWalletGround } from '../platform-wallet-ground.js'
import { later } from '../trust-domain.js'
import type { Asked } from '../vci-issuer-behaviour.js'

/**
 * Real wallets over the wire: what an issuer is sent for a platform with a short name and for one with
 * a long one. How many requests there are, and when, is in collusion.soak.test.ts.
 */
const PLATFORMS = [
  // Long enough not to stand in random bytes by chance.
  'shop.1',
  `https://a-platform-with-a-long-name.example/${'平台'.repeat(20)}`,
] as const
const WALLETS = 6
const HOUR = 3600

const ground = platformWalletGround()

/** All requests of one wallet's first fetching for a platform. */
type Fetching = {
  readonly wallet: Wallet
  readonly platformId: string
  readonly asked: readonly Asked[]
}

/**
 * Lets hours go by, as a phone does, until every wallet has what it was prepared for. A copy may be
 * renewed in any hour of its life, so also before another wallet had its first: that does not count.
 */
async function fetchAll(wallets: readonly Wallet[]): Promise<Fetching[]> {
  const { issuer, ground: clock } = ground.vci
  const fetchings: Fetching[] = []
  for (let hour = 1; hour <= 72 && fetchings.length < wallets.length * 2; hour += 1) {
    clock.now = later(hour * HOUR)
    for (const wallet of wallets) {
      issuer.asked.splice(0)
      const reports = await wallet.refill()
      const platformId = reports.length === 1 ? reports[0]?.platformId : undefined
      const before = fetchings.some((it) => it.wallet === wallet && it.platformId === platformId)
      if (platformId === undefined || before) continue
      fetchings.push({ wallet, platformId, asked: issuer.asked.slice() })
    }
  }
  return fetchings
}

describe('what a wallet sends its issuer for a platform', () => {
  it('names no platform and looks the same for each of them', async () => {
    const wallets: Wallet[] = []
    for (let at = 0; at < WALLETS; at += 1) {
      wallets.push(await ground.openWallet({ dir: `${ground.vci.ground.folder}/wallet-${at}` }))
    }
    for (const wallet of wallets) {
      for (const id of PLATFORMS) await wallet.preparePlatform(id)
    }
    const fetchings = await fetchAll(wallets)
    for (const id of PLATFORMS) {
      expect(fetchings.filter(({ platformId }) => platformId === id)).toHaveLength(WALLETS)
    }
    const texts = fetchings.flatMap(({ asked }) => asked.flatMap(readable))
    expect(texts.some((text) => text.includes('platform_number_blinded'))).toBe(true)
    for (const part of ['shop.1', 'a-platform-with', '平台', encodeURIComponent('平台')]) {
      expect(texts.filter((text) => text.includes(part))).toEqual([])
    }
    const shapes = (id: string) =>
      new Set(fetchings.filter((it) => it.platformId === id).map(({ asked }) => shapeOf(asked)))
    expect(shapes(PLATFORMS[0])).toEqual(shapes(PLATFORMS[1]))
  })

  it('would look another way with a word more, or a longer one', () => {
    const asked = (body: object): Asked[] => [
      { path: '/credential', headers: {}, body: JSON.stringify(body), form: new URLSearchParams() },
    ]
    const usual = shapeOf(asked({ platform_number_blinded: 'A'.repeat(44) }))
    expect(shapeOf(asked({ platform_number_blinded: 'B'.repeat(44) }))).toBe(usual)
    expect(shapeOf(asked({ platform_number_blinded: 'A'.repeat(45) }))).not.toBe(usual)
    expect(shapeOf(asked({ platform_number_blinded: 'A'.repeat(44), for: 'p' }))).not.toBe(usual)
  })
})

/** A request as it is, and everything in it that is base64url. */
function readable({ path, headers, body }: Asked): string[] {
  const text = [path, JSON.stringify(headers), body].join('\n')
  const encoded = text.match(/[\w-]{16,}/g) ?? []
  return [text, ...encoded.map((part) => Buffer.from(part, 'base64url').toString())]
}

/**
 * Requests with every value replaced by its length. Left out is what the issuer gave itself, since it
 * counts its tokens and nonces, and the port that the system gave.
 */
function shapeOf(asked: readonly Asked[]): string {
  return asked
    .map(({ path, headers, body }) => {
      const { host: _host, authorization: _token, 'content-length': _length, ...others } = headers
      const lengths = Object.entries(others).map(([name, value]) => `${name}:${lengthOf(value)}`)
      const own = body
        .replace(/"notification_id":"[^"]*"/, '')
        .replaceAll(/[\w-]+\.[\w-]+\.[\w-]+/g, proofOf)
      return [path, ...lengths, own.replaceAll(/[\w~+/=-]{10,}/g, (word) => `<${word.length}>`)]
    })
    .join('\n')
}

/** A key proof without the nonce that the issuer gave. */
function proofOf(jwt: string): string {
  const parts = jwt.split('.').map((part) => Buffer.from(part, 'base64url').toString())
  return parts
    .slice(0, 2)
    .join()
    .replace(/"nonce":"[^"]*"/, '')
}

function lengthOf(value: string | readonly string[] | undefined): number {
  return JSON.stringify(value ?? '').length
}
