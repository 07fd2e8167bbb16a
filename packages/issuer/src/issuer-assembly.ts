import type { Database, KeyStore, Vault } from '@netcert/agent'
import { type CitizenRegister, createCitizenRegister } from './authentic-source.js'
import type { IssuerConfig } from './config.js'
import type { DataFolder } from './data-folder.js'
import { createCoolDowns } from './cool-down.js'
import { createEnrolment } from './enrolment.js'
import { createExpiredRecords } from './expired-records.js'
import { Issuer } from './issuer.js'
import { IssuerError } from './issuer-error.js'
import { openIssuerSigners } from './issuer-signers.js'
import type { IssuerSchema } from './issuer-schema-store.js'
import { createNumberDesk } from './number-desk.js'
import { createPlatformCopyClaims } from './platform-copy-claims.js'
import { PLATFORM_NUMBER_FACT, readPlatformNumberKey } from './platform-number-key.js'
import { createSourceStore, type SourceSchema } from './source-store.js'
import { createStatusPlaces } from './status-places.js'
import { createIssuerStore, type IssuerStore } from './store.js'
import { type IssuerDids, KEY_ALIASES, trustListFacts } from './trust-list-content.js'

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
}

/** Name of the row that says which environment a database belongs to. */
export const ENVIRONMENT_FACT = 'environment'

/**
 * Puts an issuer together.
 *
 * @throws IssuerError `environment_mismatch` for a database of another folder, `key_missing`,
 *   `platform_number_key_…`.
 */
export async function assembleIssuer(ground: IssuerGround): Promise<Issuer> {
  const { config, folder, vault, keyStore, clock } = ground
  const store = createIssuerStore(ground.database)
  const sourceStore = createSourceStore(ground.sourceDatabase)
  assertEnvironment(config, await store.lists.getFact(ENVIRONMENT_FACT))
  assertEnvironment(config, await sourceStore.getFact(ENVIRONMENT_FACT))
  const register = createCitizenRegister({ store: sourceStore, vault })
  const baseUrl = config.base_url
  const people = await peopleParts(ground, { store, register })
  const { enrolment, coolDowns, expired } = people
  const places = createStatusPlaces({ lists: store.lists, vault, baseUrl })
  const createdAt = new Date(config.created_at)
  const dids = await issuerDids(keyStore)
  const facts = trustListFacts({ dids, baseUrl, keyMode: config.key_mode, createdAt })
  const signers = await openIssuerSigners(ground)
  const { batches, lists } = store
  return new Issuer({
    register,
    store,
    clock,
    minting: {
      enrolment,
      batches,
      places,
      platformCopies: people.platformCopies,
      clock,
      signer: signers.credential,
    },
    publication: {
      enrolment,
      batches,
      lists,
      places,
      facts,
      clock,
      expired,
      rootDid: ground.rootDid,
      ownRootKeyFile: folder.rootKey,
      signer: signers.status,
    },
    examination: { folder, keyStore, store, facts, createdAt, clock },
    numbers: people.numbers,
    presence: { presence: store.presence, enrolment, clock },
    cancellation: { store: store.cancellation, coolDowns, vault, clock },
    expired,
  })
}

/** Who is enrolled, and what hangs on the key of all platform numbers. */
async function peopleParts(
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
    coolDowns,
    platformCopies: createPlatformCopyClaims({ enrolment, presence, key, clock }),
    numbers: createNumberDesk({ officers, persons, vault, key, clock }),
    expired: createExpiredRecords({ coolDowns, presence, clock }),
  }
}

/** The identifiers of the issuer's keys. @throws IssuerError `key_missing`. */
export async function issuerDids(keyStore: KeyStore): Promise<IssuerDids> {
  const didOf = async (alias: string): Promise<string> => {
    const key = await keyStore.get(alias)
    if (key !== undefined) return key.did
    throw new IssuerError(
      'key_missing',
      `The key ${alias} is not in the database; restore it from its backup.`,
    )
  }
  return {
    credential: await didOf(KEY_ALIASES.credential),
    status: await didOf(KEY_ALIASES.status),
    registrar: await didOf(KEY_ALIASES.registrar),
    pack: await didOf(KEY_ALIASES.pack),
  }
}

function assertEnvironment(config: IssuerConfig, found: string | undefined): void {
  if (found === config.environment) return
  throw new IssuerError(
    'environment_mismatch',
    'The database belongs to another data folder; name the folder and database that go together.',
  )
}
