import { assembleWallet, createTrustSource, type Wallet } from '@netcert/wallet/rules'
import { openKeptWallet } from './keeping/kept-wallet.js'
import { createGuardedFetch } from './reaching/guarded-fetch.js'
import { keptRoot } from './reaching/kept-root.js'
import { type PublishedCopies, publishedCopies } from './reaching/published-copies.js'

/** The wallet of this browser, open. */
export type OpenedWallet = {
  readonly wallet: Wallet
  readonly copies: PublishedCopies
  /** 32 bytes that only this wallet knows, for the pattern of its card of that name. */
  readonly cardHash: (name: string) => Uint8Array
  readonly close: () => void
}

export type OpenBrowserWalletOptions = {
  /** Name of the database, within this origin. */
  readonly name: string
  /** 32 bytes, from the lock; the caller overwrites them. */
  readonly master: Uint8Array
  readonly clock: () => Date
  /** did:key of the root, and where what it vouches for is published: from whoever serves this page. */
  readonly issuer: { readonly root: string; readonly baseUrl: string }
  /** Plain http on this machine, where this page itself was served by it. */
  readonly allowHttpLoopback: boolean
  readonly openAddress: (url: string) => Promise<void>
  readonly onLost: () => void
}

/**
 * Puts the wallet of this browser together: the same rules as on a disk.
 *
 * @throws WalletError `root_differs`; DOMException where the browser keeps nothing
 */
export async function openBrowserWallet(options: OpenBrowserWalletOptions): Promise<OpenedWallet> {
  const { clock, issuer, allowHttpLoopback } = options
  const { database, close, ...kept } = await openKeptWallet(options)
  const fetch = createGuardedFetch({ allowHttpLoopback })
  const copies = publishedCopies({ database, fetch, baseUrl: issuer.baseUrl })
  const root = await keptRoot(database, issuer.root)
  const trust = createTrustSource({ read: copies.readTrust, root, clock }, kept.issuanceStore)
  const registrars = async (at?: Date) => (await trust(at)).trustList.registrars
  const wallet = await assembleWallet({
    ...kept,
    ...{ clock, trust, fetch, allowHttpLoopback },
    published: { registrars, ...copies.published },
    verifierTrust: { anchors: 'none known', attesters: [] },
    openAddress: options.openAddress,
    transactionTypes: [],
    clientId: 'netcert-wallet',
    provider: null,
    keepsExpired: false,
  })
  const cardHash = (card: string) => kept.vault.deriveKey(`netcert/card-pattern/${card}/v1`)
  return { wallet, copies, cardHash, close }
}
