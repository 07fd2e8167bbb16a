import { parseQuery } from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import { describe, expect, it } from 'vitest'
import { later, testNow } from '../../../test/trust-domain.js'
import { walletGround } from '../../../test/wallet-ground.js'

const over18 = parseQuery(queries['age-over-18'])
const networkNumber = parseQuery(queries['network-number'])
const shop = 'https://shop.example'
const bank = 'https://bank.example'
const nonce = 'nonce-of-good-length-1'
const refusal = (code: string) => expect.objectContaining({ code })
const ground = walletGround()

describe('a wallet', () => {
  it('never shows an expired copy, and forgets it on opening', async () => {
    const wallet = await ground.open()
    await ground.receiveOneTime(wallet, 2)
    ground.now = later(7 * 86_400)
    await expect(wallet.present({ query: over18, audience: shop, nonce })).rejects.toThrow(
      refusal('query_unanswered'),
    )
    ground.now = testNow
    expect(await wallet.list()).toHaveLength(1)
    ground.now = later(7 * 86_400)
    await ground.open({ create: false })
    ground.now = testNow
    expect(await wallet.list()).toEqual([])
  })

  it('tells before the consent what will be shown, and uses nothing up', async () => {
    const wallet = await ground.open()
    await ground.receiveOneTime(wallet, 1)
    await ground.receivePlatform(wallet)
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
    expect(
      (await wallet.remaining()).map(({ copies }) => copies).toSorted((a, b) => a - b),
    ).toEqual([1, 1])
    expect(await wallet.ledger()).toEqual([])
  })

  it('writes names and never values into the ledger', async () => {
    const wallet = await ground.open()
    await ground.receiveOneTime(wallet, 2)
    await wallet.present({ query: over18, audience: shop, nonce })
    ground.now = later(60)
    await wallet.present({ query: over18, audience: bank, nonce })
    const entry = {
      vct: 'urn:netcert:network-certificate:1',
      kind: 'one-time',
      claims: [['age_equal_or_over', '18']],
    }
    expect(await wallet.ledger()).toMatchObject([
      { ...entry, disclosedAt: later(60), audience: bank },
      { ...entry, disclosedAt: testNow, audience: shop },
    ])
  })
})
