import type { StatusCounts } from '../batch-store.js'
import {
  configurationPolicy,
  isConfigurationId,
  isWardConfiguration,
} from '../vci-configurations.js'
import { civilDateAt } from '../civil-date.js'
import { checkAge } from '../guardianship.js'
import { changeCustody, type CustodyParts, type CustodyReport } from './custody.js'
import type { Handovers } from './handovers.js'
import {
  assertMayHold,
  type WardGrantParts,
  type WardGrants,
  type WardWish,
} from './ward-grants.js'
import { type PausedBy, pauseWard, type WardPause, type WardPauseParts } from './ward-pause.js'

/** Minors and those who act for them. */
export type MinorDesk = {
  /** What guardians' tokens bring. */
  readonly grants: WardGrants
  /** What birthdays left to be handed over. */
  readonly handovers: Handovers
  /**
   * Judges whether a guardian may hold such certificates about a ward.
   *
   * @throws IssuerError `citizen_unknown`, `age_not_allowed`, `guardian_…`.
   */
  assertWard(wish: WardWish & { readonly ward: string }): Promise<void>
  /**
   * Judges whether somebody is old enough for certificates of their own.
   *
   * @throws IssuerError `citizen_unknown`, `age_not_allowed`.
   */
  assertOwn(citizen: string, configurationIds: readonly string[]): Promise<void>
  /** Changes who is guardian of a minor. @throws IssuerError see `changeCustody` */
  changeCustody(change: {
    readonly citizen: string
    /** The order as it was read from its file: `{ "guardian_document_numbers": […] }`. */
    readonly input: unknown
  }): Promise<CustodyReport>
  /** Suspends all about a ward on a guardian's word. @throws IssuerError see `pauseWard` */
  pauseWard(pause: WardPause, by: PausedBy): Promise<StatusCounts>
}

export type MinorDeskParts = Pick<WardGrantParts, 'enrolment' | 'clock'> & {
  readonly grants: WardGrants
  readonly handovers: Handovers
  readonly custody: CustodyParts
  readonly pauses: WardPauseParts
}

/** The desk for minors. */
export function createMinorDesk(parts: MinorDeskParts): MinorDesk {
  const { grants, handovers, custody, pauses } = parts
  return {
    grants,
    handovers,
    async assertWard({ ward, guardian, configurationIds }) {
      for (const id of configurationIds.filter(isConfigurationId).filter(isWardConfiguration)) {
        await assertMayHold(parts, { ward, guardian, policy: configurationPolicy(id) })
      }
    },
    async assertOwn(citizen, configurationIds) {
      const { birthdate } = await parts.enrolment.standing(citizen)
      const today = civilDateAt(parts.clock())
      for (const id of configurationIds.filter(isConfigurationId)) {
        if (!isWardConfiguration(id)) checkAge(configurationPolicy(id), birthdate, today)
      }
    },
    changeCustody: (change) => changeCustody(custody, change),
    pauseWard: (pause, by) => pauseWard(pauses, pause, by),
  }
}
