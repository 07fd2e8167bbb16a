import { join } from 'node:path'
import { formatPlatformNumber } from '@netcert/credential'
import { openOfferDesk } from '@netcert/issuer'
import { parseQuery } from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import { openWallet, type Wallet } from '@netcert/wallet'
import type { Accredited, Wire } from './accrediting.js'
import { issuerFolder, type Person, type Place, publicFolder, rootOf } from './issuing.js'
import type { Story } from './story.js'

const signIn = parseQuery(queries['sign-in'])

/** What the visits left with the two platforms. */
export type Visited = { readonly forum: string; readonly games: string }

/** Step: one citizen visits both platforms, again, and with a new phone. */
export function visitBoth(
  story: Story,
  place: Place,
  { wire, person }: { readonly wire: Wire; readonly person: Person },
): Promise<Visited> {
  return story.step('The first citizen signs in at both', async (tell) => {
    const [atForum, atGames] = wire.platforms
    const phone = person.walletDir
    const newPhone = join(place.dir, 'wallets', 'citizen-1-new-phone')
    await receiveOver(place, person, phone)
    const forum = await visit(place, atForum, phone)
    const games = await visit(place, atGames, phone)
    const again = await visit(place, atForum, phone)
    await receiveOver(place, person, newPhone)
    const anew = await visit(place, atForum, newPhone)
    const network = await networkNumber(place, phone)
    if (again !== forum || anew !== forum) throw new Error('the forum saw another number')
    if (new Set([forum, games, network]).size !== 3) throw new Error('two numbers were equal')
    tell.say(
      'Each platform gets a number of its own. The issuer makes it from a random point and cannot ' +
        'see for which platform; each platform can open its own and no other.',
    )
    tell.fact('forum', formatPlatformNumber(forum), '  on the first visit')
    tell.fact('forum again', formatPlatformNumber(again), '  the same')
    tell.fact('new phone', formatPlatformNumber(anew), '  the same')
    tell.fact('games', formatPlatformNumber(games), '  another')
    tell.fact('compared', 'nothing to join: both differ, and neither is the network number')
    return { forum, games }
  })
}

/** The wallet fetches certificates by OpenID4VCI, those for platforms too. */
async function receiveOver(place: Place, { citizen }: Person, dir: string): Promise<void> {
  const desk = await openOfferDesk({ dir: issuerFolder(place), clock: place.clock })
  try {
    const types = ['network-certificate', 'network-certificate-platform']
    const offer = { citizen, types, grant: 'pre-authorized', txCode: null } as const
    const { offerUri } = await desk.createOffer(offer)
    await atWallet(place, dir, (wallet) =>
      wallet.receiveOffer({
        offer: offerUri,
        redirectUri: 'http://127.0.0.1/unused',
        consent: () => true,
      }),
    )
  } finally {
    await desk.close()
  }
}

/** Asks by a link, lets the wallet answer, and gives the number that the platform opened. */
async function visit(place: Place, { opened }: Accredited, dir: string): Promise<string> {
  const { engine } = opened
  const asked = { query: signIn, clientId: 'did', mode: 'direct_post.jwt' } as const
  const { requestUri, session } = await engine.createRequest(asked)
  const { receipt } = await atWallet(place, dir, (wallet) =>
    wallet.answerRequest({ request: requestUri, consent: () => 'share' }),
  )
  const { platformNumber } = await engine.result(session, null)
  if (typeof platformNumber !== 'string' || receipt !== 'verified')
    throw new Error('a sign-in was expected')
  return platformNumber
}

function networkNumber(place: Place, dir: string): Promise<string> {
  return atWallet(place, dir, async (wallet) => {
    const held = (await wallet.list()).find(({ kind }) => kind === 'one-time')
    const { claims } = await wallet.show(held?.id ?? '', { reveal: true })
    const number = claims.find(({ path }) => path[0] === 'network_number')?.value
    if (typeof number !== 'string') throw new Error('a certificate has a network number')
    return number
  })
}

/** Opens a citizen's wallet with the lists it keeps, and makes it where there is none. */
export async function atWallet<T>(
  place: Place,
  dir: string,
  work: (wallet: Wallet) => Promise<T>,
): Promise<T> {
  const { wallet, close } = await openWallet({
    ...{ dir, clock: place.clock, create: true, allowHttpLoopback: true },
    listsDir: publicFolder(place),
    rootDid: await rootOf(place),
  })
  try {
    return await work(wallet)
  } finally {
    await close()
  }
}
