import { randomBytes } from 'node:crypto'
import type { Vault } from '@netcert/agent'
import type { EnrolledPerson } from './person-claims.js'
import type { StoredPerson } from './person-store.js'
import { openRecord, type SealedRecord, sealRecord } from './sealed-record.js'

/** What is sealed of an enrolled person. */
export type PersonRecord = {
  readonly person: EnrolledPerson
  /** 32 bytes that the person's platform numbers hang on; `null` in records from before. */
  readonly numberSalt: Uint8Array | null
}

const SALT_BYTES = 32

/** A new person's salt. */
export function createNumberSalt(): Uint8Array {
  return new Uint8Array(randomBytes(SALT_BYTES))
}

/** Seals a person under a fresh key of their own, for the row `id`. */
export function sealPerson(
  vault: Vault,
  id: string,
  { person, numberSalt }: PersonRecord,
): SealedRecord {
  const salt =
    numberSalt === null ? {} : { platformNumberSalt: Buffer.from(numberSalt).toString('base64url') }
  return sealRecord(vault, { ...person, ...salt }, rowContext(id))
}

/** @throws AgentError `sealed_wrong` or `sealed_malformed` when the row was altered or moved. */
export function openPersonRecord(
  vault: Vault,
  { id, wrapped_key, sealed }: Pick<StoredPerson, 'id' | 'wrapped_key' | 'sealed'>,
): PersonRecord {
  const record = { wrappedKey: wrapped_key, sealed }
  // Authenticated by the seal: only this file has written it.
  const { platformNumberSalt, ...person } = openRecord(
    vault,
    record,
    rowContext(id),
  ) as EnrolledPerson & { readonly platformNumberSalt?: string }
  const numberSalt =
    platformNumberSalt === undefined
      ? null
      : new Uint8Array(Buffer.from(platformNumberSalt, 'base64url'))
  return { person, numberSalt }
}

function rowContext(id: string): string {
  return `issuer/persons/${id}`
}
