import type { EndingDesk } from './ending/ending-assembly.js'
import { openIssuerGround, type OpenIssuerOptions } from './open.js'
import { openedOffers } from './opened-offers.js'
import type { CreatedOffer, CreateOfferOptions, CredentialOffers } from './vci-offers.js'

/** Where offers are made; close it to let go of the databases. */
export type OfferDesk = Pick<CredentialOffers, 'createOffer'> &
  Pick<EndingDesk, 'firstRevocationCode'> & {
    /**
     * Makes the offer of a handover, once; `undefined` when it was made already.
     *
     * @throws IssuerError `handover_unknown`, `operator_…`.
     */
    offerHandover(handover: string): Promise<CreatedOffer | undefined>
    close(): Promise<void>
  }

/**
 * Opens the offers of a data folder, also while a server works on the same folder.
 *
 * @throws IssuerError as `openIssuer`; making one `operator_…`.
 */
export async function openOfferDesk(options: OpenIssuerOptions): Promise<OfferDesk> {
  const opened = await openIssuerGround(options)
  const offers = openedOffers(opened)
  const { audit, access } = opened.ground
  const createOffer = async (offer: CreateOfferOptions): Promise<CreatedOffer> => {
    access.require('enrol')
    const { types, grant } = offer
    const details = { types: types.join(','), grant }
    const created = await offers.createOffer({
      ...offer,
      async also(trx, subject) {
        await offer.also?.(trx, subject)
        await audit.append(trx, { event: 'offer_made', subject, details })
      },
    })
    await audit.settle()
    return created
  }
  return {
    createOffer,
    offerHandover: (id) => opened.issuer.minors.handovers.offer(id, { createOffer }),
    firstRevocationCode: (citizen) => opened.issuer.ending.firstRevocationCode(citizen),
    close: opened.close,
  }
}
