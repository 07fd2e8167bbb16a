import type { IssuerGround } from '../issuer-assembly.js'
import type { IssuerStore } from '../store.js'
import { createCertificateDesk } from './certificate-desk.js'
import { createDeviceStore } from './device-store.js'
import { createSuspensionStore } from './suspension-store.js'

/** Puts together what ends and changes certificates. */
export function assembleEnding(
  { database, vault, audit, access, clock }: IssuerGround,
  { store }: { readonly store: IssuerStore },
) {
  const { batches, persons } = store
  const devices = createDeviceStore(database)
  const suspensions = createSuspensionStore(database)
  const common = { persons, devices, vault, audit, access, clock }
  return { certificates: createCertificateDesk({ ...common, batches, suspensions }) }
}
