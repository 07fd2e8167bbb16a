import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openIssuer } from '@netcert/issuer'
import { type OpenWallet, openWallet } from '@netcert/wallet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ServedIssuer, serveTestIssuer } from '../issuer-server-ground.js'
import { agree, locationOf, logIn } from '../oauth-flow.js'
import { createBrowser } from '../oauth-wallet.js'
import { createWalletProvider } from '../wallet-provider.js'

const yes = () => true
const now = () => new Date()

describe('our issuer, for attested wallets only', () => {
  let served: ServedIssuer
  let folder: string
  let attested: Awaited<ReturnType<typeof createWalletProvider>>
  const opened: OpenWallet[] = []

  beforeAll(async () => {
    attested = await createWalletProvider(now)
    folder = await mkdtemp(join(tmpdir(), 'netcert-wallet-'))
    const providers = { required: true, providers: [attested.listed] }
    served = await serveTestIssuer({
      prepare: (dir) => writeFile(join(dir, 'wallet-providers.json'), JSON.stringify(providers)),
    })
    const { issuer, close } = await openIssuer({ dir: served.dir, clock: now })
    await issuer.publish({ out: join(served.dir, 'published') })
    await close()
  })
  afterAll(async () => {
    for (const { close } of opened) await close()
    await served.close()
    await rm(folder, { recursive: true })
  })

  async function open(
    name: string,
    provider?: (typeof attested)['provider'],
  ): Promise<OpenWallet['wallet']> {
    const wallet = await openWallet({
      dir: join(folder, name),
      clock: now,
      create: true,
      allowHttpLoopback: true,
      rootDid: (await readFile(join(served.dir, 'root.did'), 'utf8')).trim(),
      listsDir: join(served.dir, 'published'),
      ...(provider === undefined ? {} : { provider }),
    })
    opened.push(wallet)
    return wallet.wallet
  }

  const offer = async () =>
    (await served.offer({ grant: 'authorization-code', citizen: null, start: 'haip-vci' })).offerUri

  it('serves one by signing in', async () => {
    const wallet = await open('attested', attested.provider)
    const begun = await wallet.receiveOffer({ offer: await offer(), consent: yes, batch: 2 })
    if (begun.kind !== 'sign-in') throw new TypeError('a sign-in was expected')
    const browser = createBrowser()
    const consent = await logIn(served, browser, begun.url, served.nextPerson())
    const redirect = locationOf(await agree(browser, consent))
    expect(await wallet.continueOffer({ redirect })).toMatchObject({
      certificates: [{ copies: 2 }],
    })
  })

  it('refuses one without an attestation, and one of an unknown provider', async () => {
    const stranger = await createWalletProvider(now)
    for (const wallet of [await open('plain'), await open('strange', stranger.provider)]) {
      const receiving = wallet.receiveOffer({ offer: await offer(), consent: yes })
      await expect(receiving).rejects.toMatchObject({ code: 'issuer_refused' })
    }
  })
})
