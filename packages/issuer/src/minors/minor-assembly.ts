import type { CitizenRegister } from '../authentic-source.js'
import type { Enrolment } from '../enrolment.js'
import type { IssuerGround } from '../issuer-assembly.js'
import type { IssuerStore } from '../store.js'
import { createGuardianLinks } from './guardian-links.js'
import { createMinorDesk } from './minor-desk.js'
import { createWardGrantStore } from './ward-grant-store.js'
import { createWardGrants } from './ward-grants.js'

export type MinorAssemblyParts = {
  readonly store: IssuerStore
  readonly register: CitizenRegister
  readonly enrolment: Enrolment
}

/** Puts together what concerns minors and those who act for them. */
export function assembleMinors(
  { database, vault, clock }: IssuerGround,
  { store, register, enrolment }: MinorAssemblyParts,
) {
  const { persons } = store
  const grants = createWardGrants({
    store: createWardGrantStore(database),
    source: register,
    enrolment,
    vault,
    clock,
  })
  return {
    links: createGuardianLinks({ persons, source: register, enrolment, vault, clock }),
    desk: createMinorDesk({ grants, enrolment, clock }),
  }
}
