import { openIssuerGround, type OpenIssuerOptions } from './open.js'
import { openedOffers } from './opened-offers.js'
import type { CredentialOffers } from './vci-offers.js'

/** Where offers are made; close it to let go of the databases. */
export type OfferDesk = Pick<CredentialOffers, 'createOffer'> & { close(): Promise<void> }

/**
 * Opens the offers of a data folder, also while a server works on the same folder.
 *
 * @throws IssuerError as `openIssuer`.
 */
export async function openOfferDesk(options: OpenIssuerOptions): Promise<OfferDesk> {
  const opened = await openIssuerGround(options)
  const { createOffer } = openedOffers(opened)
  return { createOffer, close: opened.close }
}
