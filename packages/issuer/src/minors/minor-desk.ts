import {
  assertMayHold,
  type WardGrantParts,
  type WardGrants,
  type WardWish,
} from './ward-grants.js'
import {
  configurationPolicy,
  isConfigurationId,
  isWardConfiguration,
} from '../vci-configurations.js'

/** Minors and those who act for them. */
export type MinorDesk = {
  /** What guardians' tokens bring. */
  readonly grants: WardGrants
  /**
   * Judges whether a guardian may hold such certificates about a ward.
   *
   * @throws IssuerError `citizen_unknown`, `age_not_allowed`, `guardian_…`.
   */
  assertWard(wish: WardWish & { readonly ward: string }): Promise<void>
}

export type MinorDeskParts = Pick<WardGrantParts, 'enrolment' | 'clock'> & {
  readonly grants: WardGrants
}

/** The desk for minors. */
export function createMinorDesk(parts: MinorDeskParts): MinorDesk {
  return {
    grants: parts.grants,
    async assertWard({ ward, guardian, configurationIds }) {
      for (const id of configurationIds.filter(isConfigurationId).filter(isWardConfiguration)) {
        await assertMayHold(parts, { ward, guardian, policy: configurationPolicy(id) })
      }
    },
  }
}
