import type { OpenedIssuerGround } from './open.js'
import { createOfferStore } from './vci-offer-store.js'
import { createCredentialOffers, type CredentialOffers } from './vci-offers.js'

/** The offers of an opened issuer; a server and a command beside it see the same. */
export function openedOffers({
  ground,
  issuer,
}: Pick<OpenedIssuerGround, 'ground' | 'issuer'>): CredentialOffers {
  const { config, database, vault, clock } = ground
  return createCredentialOffers({
    store: createOfferStore(database),
    vault,
    baseUrl: config.base_url,
    clock,
    assertCitizen: (citizen, ids) => issuer.minors.assertOwn(citizen, ids),
    assertWard: (wish) => issuer.minors.assertWard(wish),
  })
}
