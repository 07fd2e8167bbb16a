import { GATE_PASS } from '@netcert/credential'
import { parseQuery } from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import { describe, expect, it } from 'vitest'
import { later } from '../../../../test/trust-domain.js'
import { vciGround } from '../../../../test/vci-wallet-ground.js'
import { lastRenewal, renewalTime } from '../vci-renewal-times.js'

const vci = vciGround()
const HOUR = 3600
const LIFE = 72 * HOUR
const real = parseQuery(queries['gate-real-person'])

type HeldWallet = Awaited<ReturnType<typeof vci.open>>

async function withPasses(): Promise<HeldWallet> {
  const wallet = await vci.open()
  await vci.receive(wallet, { offer: vci.issuer.offer({ ids: ['gate-pass'] }), batch: 8 })
  vci.issuer.asked.splice(0)
  return wallet
}

const enter = (wallet: HeldWallet) =>
  wallet.present({ query: real, audience: 'https://venue.example', nonce: 'n-0S6_WzA2Mj-1' })

const left = async (wallet: HeldWallet) =>
  (await wallet.list()).map(({ remaining, copies }) => `${remaining} of ${copies}`)

/** The requests for passes as the issuer saw them, but for what is random in each. */
function seenByIssuer() {
  const credential = vci.issuer.asked.filter(({ path }) => path === '/tenant/credential')
  return credential.map(({ body }) => {
    const { proofs, ...asked } = JSON.parse(body) as { proofs: { jwt: string[] } }
    return { ...asked, keys: proofs.jwt.length, length: body.length }
  })
}

describe('gate passes', () => {
  it('are eight copies for one use each, and each use leaves one less', async () => {
    const wallet = await withPasses()
    expect(await wallet.list()).toMatchObject([
      { vct: GATE_PASS, kind: 'one-time', expiresAt: later(LIFE) },
    ])
    expect(await left(wallet)).toEqual(['8 of 8'])
    await enter(wallet)
    expect(await left(wallet)).toEqual(['7 of 8'])
  })

  it('are renewed in a random hour with a day of their three still left for an event', async () => {
    const end = lastRenewal(0, { vct: GATE_PASS, expires_at: LIFE })
    const times = Array.from({ length: 500 }, () => renewalTime(0, end))
    expect(Math.max(...times)).toBeLessThan(48 * HOUR)
    expect(new Set(times.map((time) => Math.floor(time / HOUR))).size).toBeGreaterThan(40)
    const wallet = await withPasses()
    await enter(wallet)
    // Online for the last time before an event at which there is no network.
    vci.ground.now = later(48 * HOUR)
    expect(await wallet.refill()).toMatchObject([
      { kind: 'received', reason: 'schedule', certificate: { vct: GATE_PASS, copies: 8 } },
    ])
    vci.ground.now = later(LIFE + 47 * HOUR)
    expect(await left(wallet)).toEqual(['8 of 8'])
  })

  it.each([0, 1, 7])('tell the issuer nothing when %i of them were used', async (uses) => {
    const wallet = await withPasses()
    for (let use = 0; use < uses; use += 1) await enter(wallet)
    expect(await wallet.refill()).toEqual([])
    expect(vci.issuer.asked).toEqual([])
    vci.ground.now = later(48 * HOUR)
    await wallet.refill()
    const asked = { credential_configuration_id: 'gate-pass', keys: 8, length: expect.any(Number) }
    expect(seenByIssuer().at(-1)).toEqual(asked)
    expect(await left(wallet)).toEqual(expect.arrayContaining(['8 of 8', `${8 - uses} of 8`]))
  })

  it('of the older batch go first, so that the newer ones last', async () => {
    const wallet = await withPasses()
    vci.ground.now = later(48 * HOUR)
    await wallet.refill()
    await enter(wallet)
    const batches = (await wallet.list()).toSorted((a, b) => +a.expiresAt - +b.expiresAt)
    expect(batches.map(({ remaining }) => remaining)).toEqual([7, 8])
  })

  it('that are all used up are asked for at once, and the wallet says that this tells', async () => {
    const wallet = await withPasses()
    for (let use = 0; use < 8; use += 1) await enter(wallet)
    await expect(enter(wallet)).rejects.toMatchObject({ code: 'copies_used_up' })
    expect(await wallet.refill()).toMatchObject([{ kind: 'received', reason: 'run_out' }])
  })
})
