import type { EvidenceChecker } from '../application/evidence.js'
import type { CitizenRegister } from '../authentic-source.js'
import type { Enrolment } from '../enrolment.js'
import type { IssuerGround } from '../issuer-assembly.js'
import type { IssuerStore } from '../store.js'
import { createBirthdays } from './birthdays.js'
import { createGuardianEvidence, type GuardianEvidenceParts } from './guardian-evidence.js'
import { createGuardianLinks } from './guardian-links.js'
import { createGuardianStandingStore } from './guardian-standing-store.js'
import { createHandoverStore } from './handover-store.js'
import { createHandovers } from './handovers.js'
import { createMinorDesk } from './minor-desk.js'
import { createMinorStore } from './minors-store.js'
import { createWardGrantStore } from './ward-grant-store.js'
import { createWardGrants } from './ward-grants.js'

export type MinorAssemblyParts = {
  readonly store: IssuerStore
  readonly register: CitizenRegister
  readonly enrolment: Enrolment
}

/** Puts together what concerns minors and those who act for them. */
export function assembleMinors(
  { database, vault, audit, access, clock }: IssuerGround,
  { store, register, enrolment }: MinorAssemblyParts,
) {
  const { persons } = store
  const minors = createMinorStore(database)
  const handovers = createHandoverStore(database)
  const wardGrants = createWardGrantStore(database)
  const people = { persons, enrolment, vault, clock }
  const grants = createWardGrants({ ...people, store: wardGrants, source: register })
  const changes = { store: minors, handovers, grants: wardGrants, audit }
  return {
    links: createGuardianLinks({ ...people, source: register }),
    birthdays: createBirthdays({ ...people, ...changes }),
    desk: createMinorDesk({
      grants,
      enrolment,
      clock,
      handovers: createHandovers({ store: handovers, audit, access, clock }),
      custody: { ...people, ...changes, register, access },
      pauses: { ...people, audit, access },
    }),
  }
}

/** The word of guardians in applications. */
export function guardianEvidence(
  { database }: IssuerGround,
  parts: Omit<GuardianEvidenceParts, 'store'>,
): EvidenceChecker<'guardian'> {
  return createGuardianEvidence({ ...parts, store: createGuardianStandingStore(database) })
}
