import { rm } from 'node:fs/promises'
import { epochSeconds, jwkThumbprint } from '@netcert/credential'
import type { Transaction } from 'kysely'
import { IssuerError } from '../issuer-error.js'
import type { IssuerSchema } from '../issuer-schema-store.js'
import { createPrivateKeyFile, isKeyFileThere, publicHalf } from '../private-key-file.js'
import { type Access, OPERATOR_ROLES, type OperatorRole } from './access.js'
import type { AuditTrail } from './audit-trail.js'
import { operatorRevoked, operatorUnknown, rolesOf } from './operator-actor.js'
import type { OperatorStore, StoredOperator } from './operator-store.js'

/** Somebody who may operate this issuer; named by a code, never by a name. */
export type Operator = {
  /** Thumbprint of the operator's key: the actor of their entries in the audit log. */
  readonly id: string
  readonly nameCode: string
  readonly roles: readonly OperatorRole[]
  readonly registeredAt: Date
  readonly revokedAt: Date | null
}

export type CreateOperatorOptions = {
  /** A staff number or the like: 1 to 32 letters, digits, dots and hyphens. */
  readonly nameCode: string
  /** At least one; the first operator needs `keys`. */
  readonly roles: readonly OperatorRole[]
  /** Where the private key is written (PEM, mode 0600); it must not exist. */
  readonly keyFile: string
}

/** Who may operate, and with which roles. */
export type OperatorDesk = {
  /**
   * Makes an operator's key and registers its public half; the issuer keeps no private key. From the
   * first one on, every operator's command needs one.
   *
   * @throws IssuerError `operator_name`, `operator_exists`, `operator_role_unknown`,
   *   `operator_first_keys`; `operator_needed`, `operator_role_missing`.
   */
  create(options: CreateOperatorOptions): Promise<Operator>
  /** Everybody who is or was an operator. */
  list(): Promise<readonly Operator[]>
  /**
   * Ends an operator's part for good.
   *
   * @throws IssuerError `operator_unknown`, `operator_revoked`, `operator_last_keys`;
   *   `operator_needed`, `operator_role_missing`.
   */
  revoke(nameCode: string): Promise<void>
}

export type OperatorParts = {
  readonly operators: OperatorStore
  readonly audit: AuditTrail
  readonly access: Access
  readonly clock: () => Date
}

type Inside = Transaction<IssuerSchema>

const NAME_CODE = /^[A-Za-z0-9][A-Za-z0-9.-]{0,31}$/

/** The desk where operators are registered. */
export function createOperatorDesk(parts: OperatorParts): OperatorDesk {
  return {
    create: (options) => createOperator(parts, options),
    list: async () => (await parts.operators.list()).map(operatorOf),
    revoke: (nameCode) => revokeOperator(parts, nameCode),
  }
}

async function createOperator(
  { operators, audit, access, clock }: OperatorParts,
  { nameCode, roles, keyFile }: CreateOperatorOptions,
): Promise<Operator> {
  access.require('keys')
  assertForm(nameCode, roles)
  const before = await operators.list()
  if (before.some(({ name_code }) => name_code === nameCode) || (await isKeyFileThere(keyFile))) {
    throw operatorExists()
  }
  const jwk = publicHalf(await createPrivateKeyFile(keyFile, 'ES256'))
  const row: StoredOperator = {
    id: jwkThumbprint(jwk),
    name_code: nameCode,
    jwk: JSON.stringify(jwk),
    roles: OPERATOR_ROLES.filter((role) => roles.includes(role)).join(','),
    registered_at: epochSeconds(clock()),
    revoked_at: null,
  }
  try {
    await audit.record(async (trx) => {
      await assertFirst(operators, trx, { access, row })
      if (!(await operators.put(trx, row))) throw operatorExists()
      // With the key in it, the log can be verified by itself.
      const { x, y } = jwk as Record<string, string>
      const details = { roles: row.roles, x: x ?? '', y: y ?? '' }
      return { result: undefined, event: { event: 'operator_created', subject: row.id, details } }
    })
  } catch (error) {
    // Committed and only not carried: the key is registered, and its file has to stay.
    if ((await operators.get(row.id)) === undefined) await rm(keyFile, { force: true })
    throw error
  }
  return operatorOf(row)
}

/** Decided inside the transaction: two first operators at once would both find nobody. */
async function assertFirst(
  operators: OperatorStore,
  trx: Inside,
  { access, row }: { readonly access: Access; readonly row: StoredOperator },
): Promise<void> {
  const active = (await operators.list(trx)).filter(({ revoked_at }) => revoked_at === null)
  if (active.length > 0) {
    if (access.actor.kind === 'operator') return
    const text = 'An operator has been registered meanwhile; give their key file with --as.'
    throw new IssuerError('operator_needed', text)
  }
  if (rolesOf(row).includes('keys')) return
  const text = 'The first operator needs the role keys: only such a one registers others.'
  throw new IssuerError('operator_first_keys', text)
}

async function revokeOperator(
  { operators, audit, access, clock }: OperatorParts,
  nameCode: string,
): Promise<void> {
  access.require('keys')
  await operators.transaction(async (trx) => {
    const found = revocable(await operators.list(trx), nameCode)
    // On record first: operators may revoke themselves, and sign that they do.
    await audit.append(trx, { event: 'operator_revoked', subject: found.id })
    await operators.revoke(trx, found.id, epochSeconds(clock()))
  })
  await audit.settle()
}

/** @throws IssuerError `operator_unknown`, `operator_revoked`, `operator_last_keys` */
function revocable(all: readonly StoredOperator[], nameCode: string): StoredOperator {
  const found = all.find(({ name_code }) => name_code === nameCode)
  if (found === undefined) throw operatorUnknown()
  if (found.revoked_at !== null) throw operatorRevoked()
  const others = all.filter((row) => row.id !== found.id && row.revoked_at === null)
  const hasKeys = rolesOf(found).includes('keys')
  if (!hasKeys || others.some((row) => rolesOf(row).includes('keys'))) return found
  const text = 'Nobody else has the role keys; register another such operator first.'
  throw new IssuerError('operator_last_keys', text)
}

function assertForm(nameCode: string, roles: readonly OperatorRole[]): void {
  if (!NAME_CODE.test(nameCode)) {
    const text = 'A name code has 1 to 32 letters, digits, dots and hyphens; give a staff number.'
    throw new IssuerError('operator_name', text)
  }
  // The callers are commands: what the compiler promises was typed by somebody.
  if (roles.length > 0 && roles.every((role) => OPERATOR_ROLES.includes(role))) return
  const text = `An operator has one or more of the roles ${OPERATOR_ROLES.join(', ')}.`
  throw new IssuerError('operator_role_unknown', text)
}

function operatorOf(row: StoredOperator): Operator {
  return {
    id: row.id,
    nameCode: row.name_code,
    roles: rolesOf(row),
    registeredAt: new Date(row.registered_at * 1000),
    revokedAt: row.revoked_at === null ? null : new Date(row.revoked_at * 1000),
  }
}

function operatorExists(): IssuerError {
  const text = 'That name code or file is taken already, and nothing was changed; choose another.'
  return new IssuerError('operator_exists', text)
}
