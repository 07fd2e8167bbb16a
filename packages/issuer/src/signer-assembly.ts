import type { Database, KeyStore, Vault } from '@netcert/agent'
import { createBatchStore } from './batch-store.js'
import { type CertificateSigner, createCertificateSigner } from './certificate-signer.js'
import type { IssuerConfig } from './config.js'
import type { DataFolder } from './data-folder.js'
import { createEnrolledReader } from './enrolment.js'
import { createIssuerKeyStore } from './issuer-key-store.js'
import { createIssuerKeys } from './issuer-keys.js'
import { openIssuerSigners } from './issuer-signers.js'
import type { IssuerSchema } from './issuer-schema-store.js'
import { createListStore } from './list-store.js'
import { createPersonStore } from './person-store.js'
import { createPlatformCopyClaims } from './platform-copy-claims.js'
import { platformNumberKey } from './platform-number-key.js'
import { createPresenceStore } from './presence-store.js'
import { createSignatureStore } from './signature-store.js'
import { createStatusPlaces } from './status-places.js'
import { createRequestKeyStore } from './vci-request-key-store.js'
import { createRequestKeys } from './vci-request-keys.js'

/** What a signer stands on: no authentic source, no network. */
export type SignerGround = {
  readonly config: IssuerConfig
  readonly folder: DataFolder
  readonly vault: Vault
  readonly keyStore: KeyStore
  readonly database: Database<IssuerSchema>
  readonly clock: () => Date
}

/**
 * Puts together a signer that holds the key in this process.
 *
 * @throws IssuerError `certificate_missing`, `certificate_wrong` in x5c mode; `platform_number_key_…`.
 */
export async function assembleSigner(ground: SignerGround): Promise<CertificateSigner> {
  const { config, folder, vault, database, clock } = ground
  const lists = createListStore(database)
  const keys = createIssuerKeys({
    store: createIssuerKeyStore(database),
    keyStore: ground.keyStore,
    createdAt: new Date(config.created_at),
  })
  const { credential } = await openIssuerSigners({ ...ground, keys })
  const enrolment = createEnrolledReader({ persons: createPersonStore(database), vault })
  const presence = createPresenceStore(database)
  const key = platformNumberKey(folder.platformNumberKey, lists)
  // Whether it is there is known before the first number is asked for.
  await key()
  return createCertificateSigner({
    signing: {
      enrolment,
      batches: createBatchStore(database),
      places: createStatusPlaces({ lists, vault, baseUrl: config.base_url }),
      platformCopies: createPlatformCopyClaims({ enrolment, presence, key, clock }),
      clock,
    },
    signer: credential,
    signatures: createSignatureStore(database),
    requestKeys: createRequestKeys({ store: createRequestKeyStore(database), vault, clock }),
    vault,
    clock,
    config,
  })
}
