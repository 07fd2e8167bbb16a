import type { CitizenRegister } from '../authentic-source.js'
import type { Enrolment } from '../enrolment.js'
import type { IssuerGround } from '../issuer-assembly.js'
import type { PresentedCertificates } from '../presented-certificate.js'
import type { IssuerStore } from '../store.js'
import { createIssuanceStore } from '../vci-issuance-store.js'
import { createCertificateDesk } from './certificate-desk.js'
import { createCorrections, type Corrections } from './corrections.js'
import { createContactEvidence } from './contact-evidence.js'
import { createDeviceStore } from './device-store.js'
import { createDevices, type Devices } from './devices.js'
import { createOwnPauses, type OwnPauses } from './own-pause.js'
import { createRecoveryContactStore } from './recovery-contact-store.js'
import { createRecoveryContacts, type RecoveryContacts } from './recovery-contacts.js'
import { createRevocationCodeStore } from './revocation-code-store.js'
import { createRevocationCodes, type RevocationCodes } from './revocation-codes.js'
import { createSourceCorrectionStore } from './source-correction-store.js'
import { createSuspensionStore } from './suspension-store.js'

/** What citizens end without a certificate in hand, and what changes about them. */
export type EndingDesk = Devices & RevocationCodes & RecoveryContacts & Corrections & OwnPauses

/** What ending and changing stand on besides the ground. */
export type EndingAssembly = {
  readonly store: IssuerStore
  readonly enrolment: Enrolment
  readonly register: CitizenRegister
  readonly presented: PresentedCertificates
}

/** Puts together what ends and changes certificates. */
export function assembleEnding(
  { config, database, sourceDatabase, vault, audit, access, clock }: IssuerGround,
  { store, enrolment, presented }: EndingAssembly,
) {
  const { batches, persons } = store
  const devices = createDeviceStore(database)
  const contacts = createRecoveryContactStore(database)
  const suspensions = createSuspensionStore(database)
  const codes = createRevocationCodeStore(database)
  const source = createSourceCorrectionStore(sourceDatabase)
  const common = { vault, audit, access, clock }
  const { assertGrant } = createIssuanceStore(database)
  const assertCitizen = async (citizen: string): Promise<void> => {
    await enrolment.standing(citizen)
  }
  const knowing = { persons, enrolment, presented, baseUrl: config.base_url }
  const ending: EndingDesk = {
    ...createDevices({ ...common, store: devices }),
    ...createRevocationCodes({ ...common, store: codes, assertCitizen }),
    ...createRecoveryContacts({ ...common, ...knowing, store: contacts }),
    ...createCorrections({ ...common, persons, source }),
    ...createOwnPauses({ ...common, persons, assertGrant }),
  }
  const status = { ...common, persons, devices, batches, suspensions }
  return {
    desks: { certificates: createCertificateDesk(status), ending },
    contactEvidence: createContactEvidence({ store: contacts, persons, presented }),
  }
}
