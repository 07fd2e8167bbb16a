import { createAccreditationStore } from './accreditation-store.js'
import type { IssuerGround } from './issuer-assembly.js'
import type { IssuerKeys } from './issuer-keys.js'
import { openRegistrarSigner } from './issuer-signers.js'
import { createPlatformStore } from './platform-store.js'
import type { RegistrarPublicationParts } from './registrar-publication.js'

/** What the registrar publishes beside the issuer, from the same folder and database. */
export function registrarPublication(
  ground: IssuerGround,
  keys: Pick<IssuerKeys, 'all'>,
): RegistrarPublicationParts {
  const { database, keyStore, config, clock } = ground
  return {
    platforms: createPlatformStore(database),
    accreditations: createAccreditationStore(database),
    signer: (alias) => openRegistrarSigner(keyStore, alias),
    keys: async () => (await keys.all()).filter(({ use }) => use === 'registrar'),
    baseUrl: config.base_url,
    clock,
  }
}
