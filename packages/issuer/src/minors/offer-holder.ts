import { IssuerError } from '../issuer-error.js'
import { isWardConfiguration } from '../vci-configurations.js'
import type { StoredOffer } from '../vci-offer-store.js'
import type { CreateOfferOptions } from '../vci-offers.js'
import type { WardWish } from './ward-grants.js'

/** What is known of the people an offer is about. */
export type HolderRules = {
  /**
   * Judges the configurations that are about nobody's ward.
   *
   * @throws IssuerError `citizen_unknown`, `age_not_allowed`.
   */
  readonly assertCitizen: (citizen: string, configurationIds: readonly string[]) => Promise<void>
  /** @throws IssuerError `citizen_unknown`, `age_not_allowed`, `guardian_…`. */
  readonly assertWard: (wish: WardWish & { readonly ward: string }) => Promise<void>
}

/**
 * Judges to whom an offer is made: certificates about a ward go to one guardian, the others to the
 * person themselves, and never both in one offer.
 *
 * @throws IssuerError `citizen_unknown`, `offer_mixed`, `guardian_…`, `age_not_allowed`.
 */
export async function assertHolder(
  { assertCitizen, assertWard }: HolderRules,
  {
    citizen: ward,
    guardian = null,
    grant,
  }: Pick<CreateOfferOptions, 'citizen' | 'guardian' | 'grant'>,
  configurationIds: readonly string[],
): Promise<void> {
  const forGuardian = isForGuardian(configurationIds)
  if (ward !== null) await assertCitizen(ward, configurationIds)
  else if (grant === 'pre-authorized') throw noCitizen()
  if (!forGuardian) {
    if (guardian === null) return
    throw mixed('a guardian is named only for certificates about a ward')
  }
  if (guardian !== null) {
    if (ward === null) throw noCitizen()
    return assertWard({ ward, guardian, configurationIds })
  }
  if (grant === 'pre-authorized') {
    throw new IssuerError('guardian_needed', 'Say which guardian the certificate is for.')
  }
}

/** @throws IssuerError `offer_mixed` */
function isForGuardian(ids: readonly string[]): boolean {
  const wards = ids.filter(isWardConfiguration)
  if (wards.length > 0 && wards.length < ids.length) {
    throw mixed("certificates about a ward and a person's own ones have two holders")
  }
  return wards.length > 0
}

function mixed(problem: string): IssuerError {
  return new IssuerError('offer_mixed', `One offer is for one holder: ${problem}. Make two offers.`)
}

/** Whose tokens an offer leads to, and the ward it is about. */
export type Holder = { readonly holder: string | null; readonly ward: string | null }

/** To whom an offer is made, and about which ward. */
export function holderOf(
  { citizen, guardian }: Pick<StoredOffer, 'citizen' | 'guardian'>,
  ids: readonly string[],
): Holder {
  return isForGuardian(ids) ? { holder: guardian, ward: citizen } : { holder: citizen, ward: null }
}

function noCitizen(): IssuerError {
  return new IssuerError('citizen_unknown', 'A pre-authorized offer is for somebody: name them.')
}
