import { join } from 'node:path'
import { openTheatre, findShop, type Theatre } from './theatre.js'
import { serveGatePage } from '@netcert/verifier/gate-page'
import { serveWalletPage } from '../../wallet-page.js'
import { atIssuer, type Place, publishFiles, rootOf } from '../issuing.js'
import { freePort } from '../listen.js'
import { openCitizenPage } from './citizen-page.js'
import type { SyntheticCitizen } from './synthetic-citizens.js'

/** The pages of everybody in the story, on this machine. */
export type DemoPages = {
  readonly citizens: string
  readonly wallet: string
  readonly kiosk: string
  /** Null where the examples are not at hand. */
  readonly theatre: Theatre | null
  close(): Promise<void>
}

/** Where they are when nothing is in the way. */
const PORTS = { kiosk: 8650, wallet: 8660, citizens: 8670 }

/** Opens the pages: wallet, shop, door, and the issuer's "be a citizen". */
export async function openDemoPages(
  place: Place,
  people: readonly SyntheticCitizen[],
): Promise<DemoPages> {
  const closing: (() => Promise<void>)[] = []
  const opened = <T extends { close(): Promise<void> }>(it: T): T => {
    closing.push(() => it.close())
    return it
  }
  const close = async () => {
    for (const end of closing.toReversed()) await end()
  }
  try {
    const wallet = opened(await openWalletPage(place))
    const shop = findShop()
    const theatre = shop === null ? null : opened(await openTheatre(place, shop, wallet.url))
    // The accreditations of the theatre are among what is published, and in the pack.
    await publishFiles(place)
    const packFile = join(place.dir, 'latest.ncpack')
    await atIssuer(place, (issuer) => issuer.packs.build({ out: packFile }))
    const kiosk = opened(await atPort(PORTS.kiosk, (port) => serveGatePage({ port, packFile })))
    const port = PORTS.citizens
    const citizens = opened(await openCitizenPage({ place, people, walletUrl: wallet.url, port }))
    return { citizens: `${citizens.url}/`, wallet: wallet.url, kiosk: kiosk.url, theatre, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function openWalletPage(place: Place) {
  const issuer = {
    root: await rootOf(place),
    baseUrl: place.baseUrl,
    name: { 'zh-CN': '示例签发机构', en: 'Example issuer' },
  }
  const settings = { issuer, allowHttpLoopback: true }
  return atPort(PORTS.wallet, (port) => serveWalletPage({ port, settings }))
}

/** At the port that is written down everywhere, or at a free one. */
async function atPort<T>(port: number, open: (port: number) => Promise<T>): Promise<T> {
  try {
    return await open(port)
  } catch (error) {
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    if (!isTaken) throw error
    return open(await freePort())
  }
}
