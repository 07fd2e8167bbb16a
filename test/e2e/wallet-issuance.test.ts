import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openIssuer } from '@netcert/issuer'
import { parseQuery } from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import { type OpenWallet, openWallet } from '@netcert/wallet'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ServedIssuer, serveTestIssuer } from '../issuer-server-ground.js'
import { agree, locationOf, logIn } from '../oauth-flow.js'
import { createBrowser } from '../oauth-wallet.js'

let served: ServedIssuer
let rootDid: string
let folder: string
let wallet: OpenWallet
let now: () => Date
const yes = () => true

beforeAll(async () => {
  served = await serveTestIssuer({ path: '/kiosk' })
  const { issuer, close } = await openIssuer({ dir: served.dir, clock: () => new Date() })
  await issuer.publish({ out: join(served.dir, 'published') })
  rootDid = (await readFile(join(served.dir, 'root.did'), 'utf8')).trim()
  await close()
})
afterAll(() => served.close())
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcert-wallet-'))
  now = () => new Date()
  wallet = await open()
})
afterEach(async () => {
  await wallet.close()
  await rm(folder, { recursive: true })
})

function open(): Promise<OpenWallet> {
  return openWallet({
    dir: join(folder, 'wallet'),
    clock: () => now(),
    create: true,
    allowHttpLoopback: true,
    rootDid,
    listsDir: join(served.dir, 'published'),
  })
}

describe('our wallet and our issuer', () => {
  it('with a pre-authorized code and a transaction code: ten copies, which answer', async () => {
    const { offerUri, txCode } = await served.offer({ txCode: 'generate' })
    const receive = (code: string) =>
      wallet.wallet.receiveOffer({ offer: offerUri, txCode: code, consent: yes })
    await expect(receive('0000000')).rejects.toMatchObject({ code: 'grant_refused' })
    const outcome = await receive(txCode ?? '')
    expect(outcome).toMatchObject({ kind: 'received', certificates: [{ copies: 10 }], failed: [] })
    const presented = await wallet.wallet.present({
      query: parseQuery(queries['age-over-18']),
      audience: 'https://shop.example',
      nonce: 'nonce-of-good-length-1',
    })
    expect(presented.remaining).toBe(9)
    await expect(receive(txCode ?? '')).rejects.toMatchObject({ code: 'grant_refused' })
  })

  it('by reference, for several certificates at once', async () => {
    const types = ['network-certificate', 'network-certificate-platform', 'gate-pass']
    const { offerUri } = await served.offer({ types, by: 'reference' })
    const outcome = await wallet.wallet.receiveOffer({ offer: offerUri, consent: yes })
    expect(outcome).toMatchObject({ kind: 'received', deferred: [], failed: [] })
    const counts = (await wallet.wallet.list()).map(({ kind, copies }) => `${kind} ${copies}`)
    expect(counts.toSorted()).toEqual(['one-time 10', 'one-time 8', 'platform 1'])
  })

  it('by signing in, going on in another process', async () => {
    const { offerUri } = await served.offer({ grant: 'authorization-code', citizen: null })
    const begun = await wallet.wallet.receiveOffer({ offer: offerUri, consent: yes, batch: 2 })
    if (begun.kind !== 'sign-in') throw new TypeError('a sign-in was expected')
    await wallet.close()
    const browser = createBrowser()
    const consent = await logIn(served, browser, begun.url, served.nextPerson())
    const redirect = locationOf(await agree(browser, consent))
    wallet = await open()
    const outcome = await wallet.wallet.continueOffer({ redirect })
    expect(outcome).toMatchObject({ kind: 'received', certificates: [{ copies: 2 }] })
    await expect(wallet.wallet.continueOffer({ redirect })).rejects.toMatchObject({
      code: 'sign_in_mismatch',
    })
  })

  it('put off and asked again by the interval, in another process', async () => {
    const { offerUri } = await served.offer({ deferred: true })
    const outcome = await wallet.wallet.receiveOffer({ offer: offerUri, consent: yes, batch: 3 })
    expect(outcome).toMatchObject({ certificates: [], deferred: [{}] })
    expect(await wallet.wallet.pollDeferred()).toMatchObject([{ kind: 'waiting' }])
    await wallet.close()
    wallet = await open()
    await new Promise((resolve) => setTimeout(resolve, 5_100))
    expect(await wallet.wallet.pollDeferred()).toMatchObject([
      { kind: 'received', certificate: { copies: 3 } },
    ])
    expect(await wallet.wallet.pollDeferred()).toEqual([])
  })

  it('renews without the citizen when copies run out, and says so', async () => {
    const { offerUri } = await served.offer({})
    await wallet.wallet.receiveOffer({ offer: offerUri, consent: yes, batch: 2 })
    const question = { query: parseQuery(queries['age-over-18']), nonce: 'nonce-of-good-length-1' }
    for (const audience of ['https://one.example', 'https://two.example']) {
      expect(await wallet.wallet.refill()).toEqual([])
      await wallet.wallet.present({ ...question, audience })
    }
    await expect(
      wallet.wallet.present({ ...question, audience: 'https://three.example' }),
    ).rejects.toMatchObject({ code: 'copies_used_up' })
    expect(await wallet.wallet.refill()).toMatchObject([
      { kind: 'received', reason: 'run_out', certificate: { copies: 2 } },
    ])
  })
})
