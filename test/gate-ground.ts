import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Trust } from '@netcert/credential'
import { type Issuer, openIssuer } from '@netcert/issuer'
import type { AccreditationStatusLists } from '@netcert/protocol'
import { initVerifier } from '@netcert/verifier/server'
import { readTrust } from '@netcert/verifier/published-lists'
import { openWallet, type Wallet } from '@netcert/wallet'
import { readStatusLists } from '../packages/verifier/src/registrar-lists.js'
import { openedForAll } from './opened-for-all.js'
import { GUEST_LIST, registerVenue, ticketLink, type Venue } from './gate-venue.js'
import { type Citizen, type ServedIssuer, serveTestIssuer } from './issuer-server-ground.js'
import { startVerifier, type VerifierServer } from './vp-verifier-ground.js'

/** A clock that a test moves; it stands still by itself. */
export type GateClock = {
  now: Date
  readonly read: () => Date
  later(seconds: number): void
}

/** Somebody with a wallet. */
export type Visitor = {
  readonly person: Citizen
  readonly wallet: Wallet
  readonly dir: string
  /** The phone's clock. */
  readonly clock: GateClock
  close(): Promise<void>
}

/** What a gate knows of an issuer: nothing newer reaches it. */
export type PublishedKnowledge = {
  readonly trust: Trust
  readonly accreditationStatus: AccreditationStatusLists
}

/** What a visitor comes with; a gate pass of eight copies unless told otherwise. */
export type VisitorOptions = {
  readonly person?: Citizen
  /** Configurations that the issuer offers them. */
  readonly types?: readonly string[]
  /** The venue at whose shop they showed their number: the copy lies in the wallet then. */
  readonly ticketOf?: Venue
}

/**
 * A real issuer with a registrar, an accredited venue and another one, and people with wallets. What
 * issues and fetches goes by this machine's clock; afterwards wallets and gates need no network and
 * have clocks that tests move.
 */
export type GateGround = {
  readonly folder: string
  readonly served: ServedIssuer
  readonly rootDid: string
  /** The published folder. */
  readonly published: string
  readonly venue: Venue
  /** Accredited for the same purposes, and somebody else. */
  readonly otherVenue: Venue
  /** A verifier's data folder that reads `published`. */
  readonly verifierDir: string
  /** When the ground was made, to the second. */
  readonly begin: Date
  clock(now?: Date): GateClock
  visitor(options?: VisitorOptions): Promise<Visitor>
  /** Work on the issuer's folder, and what it changes is published. */
  issuer<Result>(work: (issuer: Issuer) => Promise<Result>): Promise<Result>
  /** Work that nothing has to be published for. */
  quietly<Result>(work: (issuer: Issuer) => Promise<Result>): Promise<Result>
  /** The trust of the published folder. */
  trust(now?: Date): Promise<Trust>
  accreditationStatus(now?: Date): Promise<AccreditationStatusLists>
  /** Both as they are now, read once for each publication. */
  known(): Promise<PublishedKnowledge>
  close(): Promise<void>
}

/** Call at the top of a file: one ground for all its tests. */
export const gateGround = (options?: GateGroundOptions): GateGround =>
  openedForAll(() => startGateGround(options))

export type GateGroundOptions = { readonly citizens?: number }

/** Starts a ground; close it. */
export async function startGateGround({
  citizens = 8,
}: GateGroundOptions = {}): Promise<GateGround> {
  const folder = await mkdtemp(join(tmpdir(), 'netcert-gate-'))
  const begin = new Date(Math.floor(Date.now() / 1000) * 1000)
  const served = await serveTestIssuer({ citizens })
  const shop = await startVerifier()
  const rootDid = (await readFile(join(served.dir, 'root.did'), 'utf8')).trim()
  const parts = { folder, begin, served, shop, rootDid, published: join(served.dir, 'published') }
  const { venue, otherVenue } = await registerVenues(served)
  await withIssuer(parts, (issuer) => published(parts, issuer, async () => undefined))
  const verifierDir = join(folder, 'verifier')
  const lists = { rootDid, listsDir: parts.published }
  await initVerifier({ dir: verifierDir, baseUrl: venue.id, ...lists, x5c: null, now: begin })
  const opened: Visitor[] = []
  const trust = (now = new Date()) => readTrust({ ...lists, now })
  let known: Promise<PublishedKnowledge> | null = null
  const ground: GateGround = {
    ...{ folder, served, rootDid, venue, otherVenue, verifierDir, begin, trust },
    published: parts.published,
    clock: (now = new Date()) => gateClock(now),
    known: () => (known ??= readKnowledge(ground)),
    quietly: (work) => withIssuer(parts, work),
    async issuer(work) {
      const result = await withIssuer(parts, (issuer) => published(parts, issuer, work))
      known = null
      return result
    },
    async visitor(options = {}) {
      const visitor = await openVisitor(parts, options)
      opened.push(visitor)
      return visitor
    },
    async accreditationStatus(now = new Date()) {
      const { registrars } = (await trust(now)).trustList
      const source = { listsDir: parts.published, keptDir: null, registrars, now }
      return readStatusLists(new Map(), source)
    },
    async close() {
      for (const visitor of opened) await visitor.close()
      await shop.close()
      await served.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
  return ground
}

async function readKnowledge(ground: GateGround): Promise<PublishedKnowledge> {
  const [trust, accreditationStatus] = [await ground.trust(), await ground.accreditationStatus()]
  return { trust, accreditationStatus }
}

type Parts = Pick<GateGround, 'folder' | 'begin' | 'served' | 'rootDid' | 'published'> & {
  readonly shop: VerifierServer
}

async function registerVenues({ dir: issuerDir }: ServedIssuer) {
  const clock = () => new Date()
  const purposes = ['venue-entry', 'ticketing', GUEST_LIST] as const
  const common = { issuerDir, clock, purposes }
  const venue = await registerVenue({
    ...{ ...common, id: 'https://arena.example', operator: '91420000MA5ARENA' },
    name: { 'zh-CN': '东湖体育馆', en: 'East Lake Arena' },
  })
  const otherVenue = await registerVenue({
    ...{ ...common, id: 'https://opera.example', operator: '91310000MA5OPERA' },
    name: { 'zh-CN': '江北歌剧院', en: 'Jiangbei Opera House' },
  })
  return { venue, otherVenue }
}

async function withIssuer<Result>(
  { served }: Pick<Parts, 'served'>,
  work: (issuer: Issuer) => Promise<Result>,
): Promise<Result> {
  const { issuer, close } = await openIssuer({ dir: served.dir, clock: () => new Date() })
  try {
    return await work(issuer)
  } finally {
    await close()
  }
}

async function published<Result>(
  { published: out }: Pick<Parts, 'published'>,
  issuer: Issuer,
  work: (issuer: Issuer) => Promise<Result>,
): Promise<Result> {
  const result = await work(issuer)
  await issuer.publish({ out })
  return result
}

async function openVisitor(parts: Parts, options: VisitorOptions): Promise<Visitor> {
  const { folder, served, shop, rootDid, published } = parts
  const { person = served.nextPerson(), ticketOf } = options
  const { types = ticketOf === undefined ? ['gate-pass'] : ['network-certificate-platform'] } =
    options
  const dir = await mkdtemp(join(folder, 'wallet-'))
  const clock = gateClock(new Date())
  const { wallet, close } = await openWallet({
    ...{ dir, clock: clock.read, create: true, allowHttpLoopback: true },
    ...{ rootDid, listsDir: published },
  })
  const { offerUri } = await served.offer({ citizen: person.reference, types })
  await wallet.receiveOffer({ offer: offerUri, consent: () => true })
  if (ticketOf !== undefined) {
    const request = await ticketLink(ticketOf, {
      responseUri: `${shop.url}/response`,
      now: clock.now,
    })
    await wallet.answerRequest({ request, consent: () => 'share' })
  }
  return { person, wallet, dir, clock, close }
}

/** Stands at a whole second, as what goes on the wire does. */
function gateClock(now: Date): GateClock {
  const clock = {
    now: new Date(Math.floor(now.getTime() / 1000) * 1000),
    read: () => clock.now,
    later(seconds: number) {
      clock.now = new Date(clock.now.getTime() + seconds * 1000)
    },
  }
  return clock
}
