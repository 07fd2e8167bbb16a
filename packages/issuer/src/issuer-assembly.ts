import type { Database, KeyStore, Vault } from '@netcert/agent'
import type { Access } from './audit/access.js'
import type { AuditCarrying } from './audit/audit-carrying.js'
import { assembleAudit } from './audit/audit-assembly.js'
import type { AuditTrail } from './audit/audit-trail.js'
import { createCitizenRegister } from './authentic-source.js'
import type { CertificateSigner } from './certificate-signer.js'
import type { IssuerConfig } from './config.js'
import type { DataFolder } from './data-folder.js'
import { assembleEnding } from './ending/ending-assembly.js'
import { Issuer } from './issuer.js'
import { IssuerError } from './issuer-error.js'
import { assemblePeople } from './issuer-people.js'
import { assembleMinors } from './minors/minor-assembly.js'
import { createIssuerKeys, keyMissing } from './issuer-keys.js'
import { openIssuerSigners } from './issuer-signers.js'
import { keyModesOf } from './key-modes.js'
import { createKeyDesk } from './key-rotation.js'
import type { IssuerSchema } from './issuer-schema-store.js'
import { registrarPublication } from './registrar-parts.js'
import type { SignatureStore } from './signature-store.js'
import { createSourceStore, type SourceSchema } from './source-store.js'
import { createStatusPlaces } from './status-places.js'
import { createIssuerStore, type IssuerStore } from './store.js'
import { type IssuerDids, KEY_ALIASES, trustListFacts } from './trust-list-content.js'
import type { RequestKeys } from './vci-request-keys.js'

/** What has to be open before there is an issuer. */
export type IssuerGround = {
  readonly config: IssuerConfig
  readonly folder: DataFolder
  readonly vault: Vault
  readonly keyStore: KeyStore
  readonly database: Database<IssuerSchema>
  readonly sourceDatabase: Database<SourceSchema>
  readonly rootDid: string
  readonly clock: () => Date
  /** In this process, or one of its own. */
  readonly certificates: CertificateSigner
  readonly signatures: SignatureStore
  readonly requestKeys: RequestKeys
  readonly audit: AuditTrail
  readonly carrying: AuditCarrying
  readonly access: Access
}

/** Name of the row that says which environment a database belongs to. */
export const ENVIRONMENT_FACT = 'environment'

/**
 * Puts an issuer together.
 *
 * @throws IssuerError `environment_mismatch` for a database of another folder, `key_missing`.
 */
export async function assembleIssuer(ground: IssuerGround): Promise<Issuer> {
  const { config, folder, vault, keyStore, signatures, certificates, clock } = ground
  const store = createIssuerStore(ground.database)
  const sourceStore = createSourceStore(ground.sourceDatabase)
  assertEnvironment(config, await store.lists.getFact(ENVIRONMENT_FACT))
  assertEnvironment(config, await sourceStore.getFact(ENVIRONMENT_FACT))
  const register = createCitizenRegister({ store: sourceStore, vault })
  const baseUrl = config.base_url
  const people = assemblePeople(ground, { store, register })
  const { enrolment } = people
  const minors = assembleMinors(ground, { store, register, enrolment })
  const places = createStatusPlaces({ lists: store.lists, vault, baseUrl })
  const { keys, facts, createdAt } = await assembleKeys(ground, store)
  const signers = await openIssuerSigners({ ...ground, keys })
  const { batches, lists } = store
  const registrar = registrarPublication(ground)
  const planned = { enrolment, batches, places, clock }
  return new Issuer({
    register,
    store,
    clock,
    minting: { ...planned, certificates, links: minors.links },
    minors: minors.desk,
    publication: {
      ...planned,
      lists,
      facts,
      keys: store.issuerKeys,
      expired: people.parts.expired,
      rootDid: ground.rootDid,
      ownRootKeyFile: folder.rootKey,
      signer: signers.status,
      registrar,
      statistics: { persons: store.persons, vault, clock },
    },
    examination: { folder, keyStore, keys, store, signatures, facts, createdAt, clock, registrar },
    keys: createKeyDesk({ keys, store: store.issuerKeys, keyStore, folder, config, clock }),
    ...people.parts,
    ...assembleEnding(ground, { store }),
    ...assembleAudit(ground),
  })
}

/** The keys as they are at each moment, and what a trust list would say of them then. */
async function assembleKeys({ config, keyStore }: IssuerGround, { issuerKeys }: IssuerStore) {
  const createdAt = new Date(config.created_at)
  const dids = await issuerDids(keyStore)
  const keys = createIssuerKeys({ store: issuerKeys, keyStore, createdAt })
  const said = { dids, baseUrl: config.base_url, keyModes: keyModesOf(config) }
  const facts = async () => trustListFacts({ ...said, keys: await keys.all() })
  return { keys, facts, createdAt }
}

/** The identifiers of the issuer's keys. @throws IssuerError `key_missing`. */
export async function issuerDids(keyStore: KeyStore): Promise<IssuerDids> {
  const didOf = async (alias: string): Promise<string> => {
    const key = await keyStore.get(alias)
    if (key !== undefined) return key.did
    throw keyMissing(alias)
  }
  return {
    credential: await didOf(KEY_ALIASES.credential),
    status: await didOf(KEY_ALIASES.status),
    registrar: await didOf(KEY_ALIASES.registrar),
    pack: await didOf(KEY_ALIASES.pack),
  }
}

/** @throws IssuerError `environment_mismatch` for a database of another folder. */
export function assertEnvironment(config: IssuerConfig, found: string | undefined): void {
  if (found === config.environment) return
  throw new IssuerError(
    'environment_mismatch',
    'The database belongs to another data folder; name the folder and database that go together.',
  )
}
