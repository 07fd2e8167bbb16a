import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorOf, jsonOf } from './netcert-process.js'
import { ask, offerTo, resultOf, startWire, type Wire } from './wire-ground.js'

let wire: Wire
beforeAll(async () => {
  wire = await startWire()
  const { offer_uri, tx_code } = await offerTo(wire)
  const code = ['--tx-code', tx_code ?? '', '--batch', '1']
  jsonOf(await wire.wallet('w', 'receive', offer_uri, ...code))
  const { request_uri } = await ask(wire)
  jsonOf(await wire.wallet('w', 'present', request_uri, '--yes'))
})
afterAll(() => wire.close())

describe('a wallet whose copies are used up', () => {
  it('says so, fetches nothing unasked, then refills and answers', async () => {
    const { request_uri, session } = await ask(wire)
    const refill = { issuer: wire.url, vct: 'urn:netcert:network-certificate:1' }
    expect(jsonOf(await wire.wallet('w', 'present', request_uri, '--preview'))).toMatchObject({
      state: 'needs_refill',
      refills: [refill],
    })
    expect(errorOf(await wire.wallet('w', 'present', request_uri)).code).toBe('consent_needed')
    const run = await wire.wallet('w', 'present', request_uri, '--yes')
    expect(jsonOf(run)).toMatchObject({ refilled: [refill] })
    expect((await resultOf(wire, session)).code).toBe(0)
  })

  it('does the same for a query in hand, and not without a yes', async () => {
    const query = ['--query', 'age-over-18', '--audience', 'https://a.example', '--nonce', 'n-1']
    const present = (...more: string[]) => wire.wallet('w', 'present', ...query, ...more)
    expect(errorOf(await present())).toMatchObject({ code: 'copies_used_up' })
    expect(jsonOf(await present('--yes'))).toMatchObject({ refilled: [{ issuer: wire.url }] })
  })
})
