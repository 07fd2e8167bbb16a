import type { CitizenRegister } from '../authentic-source.js'
import type { Enrolment } from '../enrolment.js'
import type { IssuerGround } from '../issuer-assembly.js'
import type { IssuerStore } from '../store.js'
import { createCertificateDesk } from './certificate-desk.js'
import { createDeviceStore } from './device-store.js'
import { createDevices, type Devices } from './devices.js'
import { createRevocationCodeStore } from './revocation-code-store.js'
import { createRevocationCodes, type RevocationCodes } from './revocation-codes.js'
import { createSuspensionStore } from './suspension-store.js'

/** What citizens end without a certificate in hand, and what changes about them. */
export type EndingDesk = Devices & RevocationCodes

/** Puts together what ends and changes certificates. */
export function assembleEnding(
  { database, vault, audit, access, clock }: IssuerGround,
  {
    store,
    enrolment,
  }: {
    readonly store: IssuerStore
    readonly enrolment: Enrolment
    readonly register: CitizenRegister
  },
) {
  const { batches, persons } = store
  const devices = createDeviceStore(database)
  const common = { vault, audit, access, clock }
  const assertCitizen = async (citizen: string): Promise<void> => {
    await enrolment.standing(citizen)
  }
  const suspensions = createSuspensionStore(database)
  const ending: EndingDesk = {
    ...createDevices({ ...common, store: devices }),
    ...createRevocationCodes({
      ...common,
      store: createRevocationCodeStore(database),
      assertCitizen,
    }),
  }
  return {
    certificates: createCertificateDesk({ ...common, persons, devices, batches, suspensions }),
    ending,
  }
}
