import { assembleWallet, createTrustSource, type Wallet } from '@netcert/wallet/rules'
import type { KeptWallet } from './keeping/kept-wallet.js'
import { surelyPast } from './keeping/surely-past.js'
import type { OpenBrowserWalletOptions } from './opened-wallet.js'
import { createGuardedFetch } from './reaching/guarded-fetch.js'
import { keptRoot } from './reaching/kept-root.js'
import { type PublishedCopies, publishedCopies } from './reaching/published-copies.js'

/** All the rules of the wallet, and what they work with. */
export type WholeWallet = { readonly wallet: Wallet; readonly copies: PublishedCopies }

/**
 * Puts the wallet of this browser together: the same rules as on a disk.
 *
 * @throws WalletError `root_differs`
 */
export async function assembleWholeWallet(
  parts: Omit<KeptWallet, 'close'>,
  options: Omit<OpenBrowserWalletOptions, 'master'>,
): Promise<WholeWallet> {
  const { database, ...kept } = parts
  const { clock, issuer, allowHttpLoopback } = options
  const fetch = createGuardedFetch({ allowHttpLoopback })
  const copies = publishedCopies({ database, fetch, baseUrl: issuer.baseUrl })
  const root = await keptRoot(database, issuer.root)
  const trustBy = (read: PublishedCopies['readTrust']) =>
    createTrustSource({ read, root, clock }, kept.issuanceStore)
  const trust = trustBy(copies.readNewestTrust)
  // Nothing is asked for anew because somebody is answered: that would tell when.
  const atHand = trustBy(copies.readTrust)
  const registrars = async (at?: Date) => (await atHand(at)).trustList.registrars
  const wallet = await assembleWallet({
    ...kept,
    ...{ clock, trust, fetch, allowHttpLoopback },
    published: { registrars, ...copies.published },
    verifierTrust: { anchors: 'none known', attesters: [] },
    openAddress: options.openAddress,
    transactionTypes: [],
    clientId: 'netcert-wallet',
    provider: null,
    forgetsBefore: await surelyPast(kept, clock),
  })
  return { wallet, copies }
}
