import type { CitizenRegister } from './authentic-source.js'
import { createCoolDowns } from './cool-down.js'
import { createEnrolment } from './enrolment.js'
import type { IssuerGround } from './issuer-assembly.js'
import { createNumberDesk } from './number-desk.js'
import { platformNumberKey } from './platform-number-key.js'
import type { IssuerStore } from './store.js'

/** Puts together what concerns enrolled people: who they are, and who they were. */
export function assemblePeople(
  { config, folder, vault, clock, audit, access }: IssuerGround,
  { store, register }: { readonly store: IssuerStore; readonly register: CitizenRegister },
) {
  const { persons, presence, officers } = store
  const key = platformNumberKey(folder.platformNumberKey, store.lists)
  const days = config.cooldown_days
  const coolDowns = createCoolDowns({ store: store.coolDowns, vault, days, clock })
  const enrolment = createEnrolment({ persons, source: register, vault, coolDowns })
  return {
    enrolment,
    coolDowns,
    parts: {
      numbers: createNumberDesk({ officers, persons, vault, key, clock, audit, access }),
      presence: { presence, enrolment, clock, audit, access },
    },
  }
}
