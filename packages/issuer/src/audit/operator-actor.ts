import { readFile } from 'node:fs/promises'
import { importSigner, jwkThumbprint } from '@netcert/credential'
import type { Transaction } from 'kysely'
import { IssuerError } from '../issuer-error.js'
import type { IssuerSchema } from '../issuer-schema-store.js'
import { parsePrivateKey, publicHalf } from '../private-key-file.js'
import {
  type ActiveOperator,
  type Actor,
  OPERATOR_ROLES,
  type OperatorKey,
  type OperatorRole,
} from './access.js'
import type { OperatorStore, StoredOperator } from './operator-store.js'

type Inside = Transaction<IssuerSchema>

/** Operators who are registered and not revoked. */
export async function activeOperators(store: OperatorStore): Promise<readonly ActiveOperator[]> {
  const active = (await store.list()).filter(({ revoked_at }) => revoked_at === null)
  return active.map((row) => ({ id: row.id, roles: rolesOf(row) }))
}

/** Refuses an operator who is revoked by now. @throws IssuerError `operator_revoked`, `operator_unknown` */
export async function assertActiveOperator(
  store: OperatorStore,
  id: string,
  trx?: Inside,
): Promise<void> {
  const found = await store.get(id, trx)
  if (found === undefined) throw operatorUnknown()
  if (found.revoked_at !== null) throw operatorRevoked()
}

/** Key files of those who are at work. */
export type OperatorKeyFiles = {
  readonly operatorKeyFile?: string | undefined
  readonly secondKeyFile?: string | undefined
}

/**
 * The actor behind operators' key files.
 *
 * @throws IssuerError `operator_key_malformed`, `operator_unknown`, `operator_revoked`,
 *   `operator_repeated`, `operator_needed`.
 */
export async function readOperators(
  store: OperatorStore,
  { operatorKeyFile, secondKeyFile }: OperatorKeyFiles,
): Promise<Actor> {
  if (operatorKeyFile === undefined) {
    if (secondKeyFile === undefined) return { kind: 'local' }
    const text = 'A second operator needs a first; give their key file with --as.'
    throw new IssuerError('operator_needed', text)
  }
  const first = await readOperatorKey(operatorKeyFile)
  await assertActiveOperator(store, first.id)
  if (secondKeyFile === undefined) return { kind: 'operator', ...first }
  const second = await readOperatorKey(secondKeyFile)
  await assertActiveOperator(store, second.id)
  if (second.id !== first.id) return { kind: 'operator', ...first, second }
  const text = 'One operator came twice; another one has to be the second, with another key.'
  throw new IssuerError('operator_repeated', text)
}

async function readOperatorKey(file: string): Promise<OperatorKey> {
  try {
    const key = parsePrivateKey(await readFile(file, 'utf8'))
    return { id: jwkThumbprint(publicHalf(key)), signer: await importSigner(key) }
  } catch {
    // The cause could quote the file, and the file is a key: it goes no further.
    const text =
      "An operator's key file cannot be read as a private key in PEM; bring the file of `operator create`."
    throw new IssuerError('operator_key_malformed', text)
  }
}

/** The roles a row holds. */
export function rolesOf({ roles }: StoredOperator): readonly OperatorRole[] {
  return OPERATOR_ROLES.filter((role) => roles.split(',').includes(role))
}

/** @returns an IssuerError `operator_unknown` */
export function operatorUnknown(): IssuerError {
  const text = 'No operator is registered with that key or name; `operator list` shows them.'
  return new IssuerError('operator_unknown', text)
}

/** @returns an IssuerError `operator_revoked` */
export function operatorRevoked(): IssuerError {
  return new IssuerError('operator_revoked', 'That operator is revoked; another one has to act.')
}
