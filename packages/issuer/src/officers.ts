import { readFile, rm } from 'node:fs/promises'
import { epochSeconds, importSigner, jwkThumbprint, type Signer } from '@netcert/credential'
import type { Access } from './audit/access.js'
import type { AuditTrail } from './audit/audit-trail.js'
import { IssuerError } from './issuer-error.js'
import type { OfficerStore, StoredOfficer } from './officer-store.js'
import {
  createPrivateKeyFile,
  isKeyFileThere,
  parsePrivateKey,
  publicHalf,
} from './private-key-file.js'

/** Somebody who may take part in a re-identification; named by a code, never by a name. */
export type Officer = {
  /** Thumbprint of the officer's key. */
  readonly id: string
  readonly nameCode: string
  readonly registeredAt: Date
  readonly revokedAt: Date | null
}

/** An officer's key, and the name it is registered by. */
export type OfficerKey = { readonly id: string; readonly signer: Signer }

export type CreateOfficerOptions = {
  /** A staff number or the like: 1 to 32 letters, digits, dots and hyphens. */
  readonly nameCode: string
  /** Where the private key is written (PEM, mode 0600); it must not exist. */
  readonly keyFile: string
}

type Parts = {
  readonly officers: OfficerStore
  readonly audit: AuditTrail
  readonly access: Access
  readonly clock: () => Date
}

const NAME_CODE = /^[A-Za-z0-9][A-Za-z0-9.-]{0,31}$/

/**
 * Makes an officer's key and registers its public half. The issuer keeps no private key: the file is
 * the officer's own, and no two officers may keep theirs in one place.
 *
 * @throws IssuerError `officer_name`, `officer_exists`; `operator_…`.
 */
export async function createOfficer(
  { officers, audit, access, clock }: Parts,
  { nameCode, keyFile }: CreateOfficerOptions,
): Promise<Officer> {
  access.require('keys')
  if (!NAME_CODE.test(nameCode)) {
    const text = 'A name code has 1 to 32 letters, digits, dots and hyphens; give a staff number.'
    throw new IssuerError('officer_name', text)
  }
  const taken = (await officers.list()).some(({ name_code }) => name_code === nameCode)
  if (taken || (await isKeyFileThere(keyFile))) throw officerExists()
  const jwk = publicHalf(await createPrivateKeyFile(keyFile, 'ES256'))
  const row = {
    id: jwkThumbprint(jwk),
    name_code: nameCode,
    jwk: JSON.stringify(jwk),
    registered_at: epochSeconds(clock()),
    revoked_at: null,
  }
  const event = { event: 'officer_created', subject: row.id } as const
  try {
    if (!(await officers.put(row, (trx) => audit.append(trx, event)))) throw officerExists()
  } catch (error) {
    await rm(keyFile, { force: true })
    throw error
  }
  await audit.settle()
  return officerOf(row)
}

/** Everybody who is or was an officer. */
export async function listOfficers({
  officers,
}: Pick<Parts, 'officers'>): Promise<readonly Officer[]> {
  return (await officers.list()).map(officerOf)
}

/**
 * Ends an officer's part in re-identifications, for good.
 *
 * @throws IssuerError `officer_unknown`, `officer_revoked`; `operator_…`.
 */
export async function revokeOfficer(parts: Parts, nameCode: string): Promise<void> {
  const { officers, audit, access, clock } = parts
  access.require('keys')
  const known = (await officers.list()).find(({ name_code }) => name_code === nameCode)
  if (known === undefined) throw officerUnknown()
  const event = { event: 'officer_revoked', subject: known.id } as const
  const isRevoked = await officers.revoke(nameCode, epochSeconds(clock()), (trx) =>
    audit.append(trx, event),
  )
  if (!isRevoked) throw officerRevoked()
  await audit.settle()
}

/**
 * An officer's key, for signing an approval.
 *
 * @throws IssuerError `officer_key_malformed`.
 */
export async function readOfficerKey(file: string): Promise<OfficerKey> {
  try {
    const key = parsePrivateKey(await readFile(file, 'utf8'))
    return { id: jwkThumbprint(publicHalf(key)), signer: await importSigner(key) }
  } catch {
    // The cause could quote the file, and the file is a key: it goes no further.
    const text =
      'An officer key file cannot be read as a private key in PEM; bring the file of `number officer create`.'
    throw new IssuerError('officer_key_malformed', text)
  }
}

/** @returns an IssuerError `officer_unknown` */
export function officerUnknown(): IssuerError {
  const text = 'No officer is registered with that key or name; `number officer list` shows them.'
  return new IssuerError('officer_unknown', text)
}

/** @returns an IssuerError `officer_revoked` */
export function officerRevoked(): IssuerError {
  return new IssuerError('officer_revoked', 'That officer is revoked; another one has to approve.')
}

function officerExists(): IssuerError {
  const text = 'That name code or file is taken already, and nothing was changed; choose another.'
  return new IssuerError('officer_exists', text)
}

function officerOf({ id, name_code, registered_at, revoked_at }: StoredOfficer): Officer {
  return {
    id,
    nameCode: name_code,
    registeredAt: new Date(registered_at * 1000),
    revokedAt: revoked_at === null ? null : new Date(revoked_at * 1000),
  }
}
