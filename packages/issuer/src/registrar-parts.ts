import { createAccreditationStore } from './accreditation-store.js'
import type { IssuerGround } from './issuer-assembly.js'
import { createPlatformStore } from './platform-store.js'
import type { RegistrarPublicationParts } from './registrar-publication.js'
import { KEY_ALIASES } from './trust-list-content.js'

/** What the registrar publishes beside the issuer, from the same folder and database. */
export function registrarPublication(ground: IssuerGround): RegistrarPublicationParts {
  const { database, keyStore, config, clock } = ground
  return {
    platforms: createPlatformStore(database),
    accreditations: createAccreditationStore(database),
    signer: () => keyStore.signer(KEY_ALIASES.registrar),
    baseUrl: config.base_url,
    clock,
  }
}
