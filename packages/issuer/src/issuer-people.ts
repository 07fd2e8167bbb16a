import type { CitizenRegister } from './authentic-source.js'
import { createCoolDowns } from './cool-down.js'
import { createEnrolment } from './enrolment.js'
import { createExpiredRecords } from './expired-records.js'
import type { IssuerGround } from './issuer-assembly.js'
import { createNumberDesk } from './number-desk.js'
import { createPlatformCopyClaims } from './platform-copy-claims.js'
import { PLATFORM_NUMBER_FACT, readPlatformNumberKey } from './platform-number-key.js'
import type { IssuerStore } from './store.js'

/**
 * Opens what concerns enrolled people: who they are, and what hangs on the key of all platform
 * numbers.
 *
 * @throws IssuerError `platform_number_key_…`.
 */
export async function openPeople(
  { config, folder, vault, clock }: IssuerGround,
  { store, register }: { readonly store: IssuerStore; readonly register: CitizenRegister },
) {
  const known = await store.lists.getFact(PLATFORM_NUMBER_FACT)
  const key = await readPlatformNumberKey(folder.platformNumberKey, known)
  const { persons, presence, officers } = store
  const days = config.cooldown_days
  const coolDowns = createCoolDowns({ store: store.coolDowns, vault, days, clock })
  const enrolment = createEnrolment({ persons, source: register, vault, coolDowns })
  return {
    enrolment,
    platformCopies: createPlatformCopyClaims({ enrolment, presence, key, clock }),
    parts: {
      numbers: createNumberDesk({ officers, persons, vault, key, clock }),
      presence: { presence, enrolment, clock },
      cancellation: { store: store.cancellation, coolDowns, vault, clock },
      expired: createExpiredRecords({ coolDowns, presence, clock }),
    },
  }
}
