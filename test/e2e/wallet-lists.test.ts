import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type BrowserModule, openBrowserModule } from '../browser-module.js'
import { chromiumState, hasChromium } from '../chromium.js'
import { createTrustDomain, later, type TrustDomain, testNow } from '../trust-domain.js'

const DAY = 86_400
const STATISTICS = '{"format":"netcert-statistics/1"}'

describe.skipIf(!hasChromium)(`the lists a wallet has copied${chromiumState}`, () => {
  let domain: TrustDomain
  let wallet: BrowserModule
  let server: Server
  /** What is published now, by path; null: the host says "back soon" to everything, and that all is well. */
  let published: Map<string, string> | null
  let asked = 0
  let wallets = 0
  beforeAll(async () => {
    domain = await createTrustDomain()
    wallet = await openBrowserModule('wallet-lists-page.ts')
    server = createServer((request, response) => {
      asked += 1
      response.setHeader('access-control-allow-origin', '*')
      const text = published === null ? '<h1>Back soon</h1>' : published.get(request.url ?? '')
      response.writeHead(text === undefined ? 404 : 200).end(text)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
  })
  afterAll(async () => {
    await wallet?.close()
    server?.close()
  })
  /** Publishes a list of that number, made so many days after the test began; good for 30. */
  const publish = async (sequence: number, days: number) => {
    const issuedAt = later(days * DAY)
    const token = await domain.trustListToken({ sequence, issuedAt })
    published = new Map([
      ['/trust-list.jwt', token],
      ['/statistics.json', STATISTICS],
    ])
  }
  beforeEach(async () => {
    await publish(1, 0)
    const { port } = server.address() as AddressInfo
    wallets += 1
    await wallet.call('open', `w${wallets}`, domain.rootDid, `http://127.0.0.1:${port}`)
    await wallet.call('newest', testNow.toISOString())
    asked = 0
  })
  const inDays = (days: number) => later(days * DAY).toISOString()

  it('are enough while they hold: nobody is asked again', async () => {
    await publish(2, 1)
    expect(await wallet.call('newest', inDays(29))).toBe(1)
    expect(await wallet.call('atHand', inDays(29))).toBe(1)
    expect(asked).toBe(0)
  })

  it('give way to newer ones where an issuer is asked anyway, and not where somebody is answered', async () => {
    await publish(2, 31)
    expect(await wallet.call('atHand', inDays(31))).toBe('trust_list_expired')
    expect(asked).toBe(0)
    expect(await wallet.call('newest', inDays(31))).toBe(2)
    expect(await wallet.call('atHand', inDays(31))).toBe(2)
  })

  it('are what is wrong where no newer ones are to be had', async () => {
    published = new Map()
    expect(await wallet.call('newest', inDays(31))).toBe('trust_list_expired')
  })

  it('stay when their host has other words in their place, as if all were well', async () => {
    expect(await wallet.call('refresh')).toBeUndefined()
    published = null
    expect(await wallet.call('refresh')).toBe('trust_missing')
    expect(await wallet.call('atHand', inDays(1))).toBe(1)
    expect(await wallet.call('statistics')).toBe(STATISTICS)
  })
})
