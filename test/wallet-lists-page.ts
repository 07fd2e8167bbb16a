import { openWalletDatabase, type WalletDatabase } from '../packages/wallet/web/keeping/database.js'
import { createGuardedFetch } from '../packages/wallet/web/reaching/guarded-fetch.js'
import {
  type PublishedCopies,
  publishedCopies,
} from '../packages/wallet/web/reaching/published-copies.js'

let database: WalletDatabase
let copies: PublishedCopies
let root = ''

/** A wallet's copies of what is published there; none yet. */
export async function open(name: string, rootDid: string, baseUrl: string): Promise<void> {
  root = rootDid
  database = await openWalletDatabase(name, () => undefined)
  const fetch = createGuardedFetch({ allowHttpLoopback: true })
  copies = publishedCopies({ database, fetch, baseUrl })
}

export const refresh = () => told(() => copies.refresh())
export const atHand = (now: string) => told(() => sequence('readTrust', now))
export const newest = (now: string) => told(() => sequence('readNewestTrust', now))
export const statistics = () => copies.published.statistics()

async function sequence(how: 'readTrust' | 'readNewestTrust', now: string): Promise<number> {
  const wanted = { rootDids: [root], now: new Date(now), minimumSequence: 0 }
  return (await copies[how](wanted)).trustList.sequence
}

async function told(attempt: () => Promise<unknown>): Promise<unknown> {
  try {
    return await attempt()
  } catch (error) {
    return (error as { code?: string }).code ?? String(error)
  }
}
