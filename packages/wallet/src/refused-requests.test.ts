import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PLATFORM_ID } from '../../../test/accreditation-ground.js'
import { namesFoundIn } from '../../../test/bytes-on-disk.js'
import { platformWalletGround } from '../../../test/platform-wallet-ground.js'
import {
  type Asker,
  didAsker,
  linkOf,
  requestOf,
  startVerifier,
  type VerifierServer,
} from '../../../test/vp-verifier-ground.js'
import { walletGround } from '../../../test/wallet-ground.js'
import type { ConsentDecision } from './vp-consent.js'
import type { Wallet } from './wallet.js'

const ground = walletGround()
let server: VerifierServer
let wallet: Wallet
let asker: Asker
beforeEach(async () => {
  server = await startVerifier()
  wallet = await ground.open({ allowHttpLoopback: true })
  await ground.receiveOneTime(wallet, 3)
  asker = await didAsker()
})
afterEach(() => server.close())

const answer = async (decision: ConsentDecision) =>
  wallet
    .answerRequest({
      request: await linkOf(asker, requestOf(server, {})),
      consent: () => decision,
    })
    .catch(() => null)

describe('a request that got nothing', () => {
  it('is noted with who asked, for what by name, and that the citizen said no; nothing of it is in the ledger', async () => {
    await answer('refuse')
    const [noted, ...more] = await wallet.reports.refused()
    expect(more).toEqual([])
    expect(noted).toMatchObject({ platform: null, ward: null, why: 'citizen' })
    expect(noted?.host).toBe(server.url.slice('http://'.length))
    expect(noted?.claims.map(({ path }) => path)).toEqual([['age_equal_or_over', '18']])
    expect(await wallet.ledger()).toEqual([])
    expect(JSON.stringify(await wallet.exportLedger())).not.toContain('citizen')
  })

  it('is one that was closed without an answer, too; one that was answered is not', async () => {
    await answer('ignore')
    await answer('share')
    expect((await wallet.reports.refused()).map(({ why }) => why)).toEqual(['citizen'])
  })

  it('is forgotten when its citizen wants that, and by itself after 90 days', async () => {
    await answer('refuse')
    await answer('refuse')
    expect(await wallet.reports.refused()).toHaveLength(2)
    await wallet.reports.forgetRefused()
    expect(await wallet.reports.refused()).toEqual([])
    await answer('refuse')
    ground.now = new Date(ground.now.getTime() + 91 * 86_400_000)
    expect(await wallet.reports.refused()).toEqual([])
  })

  it('is kept sealed: no file of the wallet says who asked', async () => {
    await answer('refuse')
    const host = Buffer.from(server.url.slice('http://'.length))
    expect(namesFoundIn(ground.folder, { host, claims: Buffer.from('age_equal_or_over') })).toEqual(
      [],
    )
  })
})

describe('a request of a platform that got nothing', () => {
  const platforms = platformWalletGround()

  it('is noted by its registered name and purpose, with the rule that refused it', async () => {
    await platforms.answer({ claims: [{ path: ['family_name'] }] })
    const [noted] = await platforms.wallet.reports.refused()
    expect(noted).toMatchObject({
      platform: { id: PLATFORM_ID, name: { en: 'Example shop' } },
      why: 'claim_uncovered',
    })
    expect(noted?.claims.map(({ path }) => path)).toEqual([['family_name']])
  })

  it('is not noted where something of it was answered', async () => {
    await platforms.answer({ claims: [{ path: ['real_person'] }] })
    expect(await platforms.wallet.reports.refused()).toEqual([])
  })
})
