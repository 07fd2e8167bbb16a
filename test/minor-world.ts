import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openRegistrar } from '@netcert/issuer/registrar'
import { parseQuery } from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import { type GuardianConsent, guardianConsent, type SignIn, signIn } from '@netcert/verifier'
import {
  initVerifier,
  installAccreditation,
  openPlatformVerifier,
  readRequestKey,
} from '@netcert/verifier/server'
import { type OpenWallet, openWallet, type ReceivedOffer, type Wallet } from '@netcert/wallet'
import { temporaryFolder } from './issuer-ground.js'
import { freePort } from './free-port.js'
import { exampleRegistration } from './platform-ground.js'
import { publishTo, serveSignIn } from './served-platform.js'
import { type ServedFamily, serveFamily } from './ward-ground.js'

/** A game's id at its registrar. */
const GAME = 'https://game.example'
const shown = [['platform_number'], ['real_person']]
const wards = ['urn:netcert:network-certificate:1', 'urn:netcert:ward-certificate:1']
const [signInCredential] = parseQuery(queries['sign-in']).credentials

/** An issuer with a family, a game with accounts and acts of minors, and a wallet for each of them. */
export type MinorWorld = {
  readonly issuer: ServedFamily
  readonly game: SignIn & GuardianConsent
  readonly origin: string
  /** The verifier's data folder. */
  readonly dir: string
  /** A wallet of its own; empty. */
  wallet(name: string): Promise<Wallet>
  /** Fetches what the issuer offers. */
  receive(
    wallet: Wallet,
    offer: { readonly citizen: string; readonly guardian?: string; readonly types: string[] },
  ): Promise<ReceivedOffer>
  close(): Promise<void>
}

const clock = () => new Date()

export async function startMinorWorld(): Promise<MinorWorld> {
  const issuer = await serveFamily()
  const folder = await temporaryFolder()
  const dir = join(folder.path, 'verifier')
  const origin = `http://127.0.0.1:${await freePort()}`
  const lists = join(issuer.dir, 'published')
  const rootDid = (await readFile(join(issuer.dir, 'root.did'), 'utf8')).trim()
  await initVerifier({ dir, baseUrl: `${origin}/netcert`, rootDid, listsDir: lists, now: clock() })
  await accreditGame(issuer, dir)
  const opened = await openPlatformVerifier({ dir, allowHttpLoopback: true })
  const alternatives = [{ 'zh-CN': '到柜台核验', en: 'Be seen at a counter' }]
  const asked = {
    'sign-in': { credentials: [{ ...signInCredential, meta: { vct_values: wards } }] },
  }
  const game = guardianConsent(
    signIn({ ...opened, queries: asked, reAuthentication: { alternatives } }),
    {
      ...opened,
      minorActs: {
        purchase: () => ({
          action: { 'zh-CN': '购买游戏道具', en: 'Buy an item in the game' },
          limit: { amount: '30.00', currency: 'CNY' },
          expiresAt: new Date(Date.now() + 3_600_000),
        }),
      },
    },
  )
  const stop = await serveSignIn(game, origin)
  const wallets: OpenWallet[] = []
  return {
    ...{ issuer, game, origin, dir },
    async wallet(name) {
      const place = { dir: join(folder.path, name), rootDid, listsDir: lists }
      const opening = await openWallet({ ...place, clock, create: true, allowHttpLoopback: true })
      wallets.push(opening)
      return opening.wallet
    },
    async receive(wallet, offer) {
      const { offerUri } = await issuer.offer(offer)
      const outcome = await wallet.receiveOffer({ offer: offerUri, consent: () => true, batch: 1 })
      if (outcome.kind !== 'received') throw new TypeError('a sign-in was not expected')
      return outcome
    },
    async close() {
      for (const { close } of wallets) await close()
      await stop()
      await opened.close()
      await issuer.close()
      await folder.remove()
    },
  }
}

async function accreditGame(issuer: ServedFamily, dir: string): Promise<void> {
  const { jwk: requestJwk } = await readRequestKey({ dir })
  const { registrar, close } = await openRegistrar({ dir: issuer.dir, clock })
  const form = exampleRegistration({
    requestJwk,
    id: GAME,
    sectors: ['social-network', 'minor-act'],
  })
  const [social, ...others] = form.purposes
  if (social === undefined) throw new TypeError('a registration without purposes')
  // Children play, too: their guardians sign them in.
  const ward = { format: 'dc+sd-jwt', vct_values: wards.slice(1), claims: shown } as const
  const credentials = [...social.credentials, ward]
  const value = { ...form, purposes: [{ ...social, credentials }, ...others] }
  await registrar.register({ value, update: false })
  const tokens: string[] = []
  for (const purpose of ['social-network', 'minor-act']) {
    tokens.push((await registrar.accredit({ platform: GAME, purpose })).token)
  }
  await close()
  await publishTo(issuer, join(issuer.dir, 'published'))
  for (const token of tokens) {
    await installAccreditation({ dir, token, clock, allowHttpLoopback: true })
  }
}

/** A browser at the game. */
export function visit({ origin, game }: MinorWorld) {
  const cookies = new Map<string, string>()
  const cookie = () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  async function send(method: string, path: string): Promise<Record<string, unknown>> {
    const headers = { cookie: cookie(), ...(method === 'POST' ? { origin } : {}) }
    const response = await fetch(`${origin}/netcert${path}`, { method, headers })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    return { status: response.status, ...((await response.json()) as object) }
  }
  return {
    send,
    consented: () =>
      game.consented({ header: (name) => (name === 'cookie' ? cookie() : null) }, 'purchase'),
    /** Where a guardian's link leads. */
    async follow(link: unknown): Promise<string> {
      const response = await fetch(String(link), { redirect: 'manual' })
      return response.headers.get('location') ?? ''
    },
  }
}
