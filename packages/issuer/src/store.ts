import type { Database } from '@netcert/agent'
import { type BatchStore, createBatchStore } from './batch-store.js'
import { createCoolDownStore, type CoolDownStore } from './cool-down-store.js'
import { createIssuerKeyStore, type IssuerKeyStore } from './issuer-key-store.js'
import type { IssuerSchema } from './issuer-schema-store.js'
import { createListStore, type ListStore } from './list-store.js'
import { createPublishedListStore, type PublishedListStore } from './lists/published-list-store.js'
import { createPackStore, type PackStore } from './offline-pack/pack-store.js'
import { type CancellationStore, createCancellationStore } from './person-cancellation-store.js'
import { createPersonStore, type PersonStore } from './person-store.js'
import { createPresenceStore, type PresenceStore } from './presence-store.js'
import { createOfficerStore, type OfficerStore } from './officer-store.js'

/** All SQL of the issuer, by what it is about. */
export type IssuerStore = {
  readonly persons: PersonStore
  readonly batches: BatchStore
  readonly lists: ListStore
  readonly coolDowns: CoolDownStore
  readonly cancellation: CancellationStore
  readonly presence: PresenceStore
  readonly officers: OfficerStore
  readonly issuerKeys: IssuerKeyStore
  readonly published: PublishedListStore
  readonly packs: PackStore
}

/** All stores of an issuer on one database. */
export function createIssuerStore(database: Database<IssuerSchema>): IssuerStore {
  return {
    persons: createPersonStore(database),
    batches: createBatchStore(database),
    lists: createListStore(database),
    coolDowns: createCoolDownStore(database),
    cancellation: createCancellationStore(database),
    presence: createPresenceStore(database),
    officers: createOfficerStore(database),
    issuerKeys: createIssuerKeyStore(database),
    published: createPublishedListStore(database),
    packs: createPackStore(database),
  }
}
