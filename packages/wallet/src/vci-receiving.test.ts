import { describe, expect, it } from 'vitest'
import { later } from '../../../test/trust-domain.js'
import { vciGround } from '../../../test/vci-wallet-ground.js'

const vci = vciGround()

describe('receiving by an offer', () => {
  it('fetches a batch with one key for each copy, and tells the issuer', async () => {
    const wallet = await vci.open()
    const outcome = await vci.receive(wallet, { batch: 3 })
    expect(outcome).toMatchObject({ deferred: [], failed: [] })
    expect(outcome.certificates).toMatchObject([
      { kind: 'one-time', copies: 3, remaining: 3, expiresAt: later(7 * 86_400) },
    ])
    expect(await wallet.list()).toEqual(outcome.certificates)
    const notified = vci.issuer.asked.find(({ path }) => path === '/tenant/notification')
    expect(JSON.parse(notified?.body ?? '')).toMatchObject({ event: 'credential_accepted' })
  })
})
