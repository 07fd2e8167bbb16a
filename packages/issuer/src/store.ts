import type { Database } from '@netcert/agent'
import { type BatchStore, createBatchStore } from './batch-store.js'
import type { IssuerSchema } from './issuer-schema-store.js'
import { createListStore, type ListStore } from './list-store.js'
import { createPersonStore, type PersonStore } from './person-store.js'

/** All SQL of the issuer, by what it is about. */
export type IssuerStore = {
  readonly persons: PersonStore
  readonly batches: BatchStore
  readonly lists: ListStore
}

export function createIssuerStore(database: Database<IssuerSchema>): IssuerStore {
  return {
    persons: createPersonStore(database),
    batches: createBatchStore(database),
    lists: createListStore(database),
  }
}
