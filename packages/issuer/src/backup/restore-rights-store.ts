import { createHash } from 'node:crypto'
import type { Transaction } from 'kysely'
import type { IssuerSchema } from '../issuer-schema-store.js'
import { revokeAll } from '../platform-store.js'

type Inside = Transaction<IssuerSchema>

/** What an entry of the audit log says of somebody's rights. */
export type TakenAway = {
  readonly subject: string
  readonly at: number
  readonly said: Readonly<Record<string, unknown>>
}

type ReplayRight = (trx: Inside, taken: TakenAway) => Promise<void>

/** By event: what was taken away after a backup is taken away again; and who took whose place. */
const RIGHTS: Readonly<Record<string, ReplayRight>> = {
  // In the place of whom: without any operator nobody would be asked for a role.
  operator_created: registerAgain,
  operator_revoked: (trx, taken) => endKey(trx, 'operators', taken),
  officer_revoked: (trx, taken) => endKey(trx, 'number_officers', taken),
  accreditation_revoked: endAccreditations,
  platform_removed: removePlatform,
  // The log does not say which of their contacts it was: whoever is recovered names new ones.
  contact_removed: forgetContacts,
  // There is one code, and whatever is in a backup came before this one.
  revocation_code_made: forgetCode,
  revocation_code_used: async (trx, taken) => {
    if (taken.said['action'] === 'revoke') await forgetCode(trx, taken)
  },
}

/** Does again what an entry says of rights; nothing for an entry about anything else. */
export async function replayRights(trx: Inside, event: string, taken: TakenAway): Promise<void> {
  if (Object.hasOwn(RIGHTS, event)) await RIGHTS[event]?.(trx, taken)
}

/** The log names nobody: the name code is made of the key. */
async function registerAgain(trx: Inside, { subject, at, said }: TakenAway): Promise<void> {
  const { roles, x, y } = said
  if (typeof roles !== 'string' || typeof x !== 'string' || typeof y !== 'string') return
  const name = createHash('sha256').update(subject).digest('hex').slice(0, 12)
  const row = {
    ...{ id: subject, name_code: `restored-${name}`, roles, registered_at: at, revoked_at: null },
    jwk: JSON.stringify({ kty: 'EC', crv: 'P-256', x, y }),
  }
  await trx
    .insertInto('operators')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

async function endKey(
  trx: Inside,
  table: 'operators' | 'number_officers',
  { subject, at }: TakenAway,
): Promise<void> {
  await trx
    .updateTable(table)
    .set({ revoked_at: at })
    .where('id', '=', subject)
    .where('revoked_at', 'is', null)
    .execute()
}

async function endAccreditations(trx: Inside, { subject, at, said }: TakenAway): Promise<void> {
  const { purpose } = said
  await revokeAll(trx, subject, {
    ...{ at, reason: reasonOf(said) },
    ...(typeof purpose === 'string' ? { purpose } : {}),
  })
}

async function removePlatform(trx: Inside, { subject, at, said }: TakenAway): Promise<void> {
  const reason = reasonOf(said)
  await trx
    .updateTable('platforms')
    .set({ removed_at: at, removed_reason: reason })
    .where('id', '=', subject)
    .where('removed_at', 'is', null)
    .execute()
  await revokeAll(trx, subject, { at, reason })
}

async function forgetContacts(trx: Inside, { subject }: TakenAway): Promise<void> {
  await trx.deleteFrom('recovery_contacts').where('person', '=', subject).execute()
}

async function forgetCode(trx: Inside, { subject }: TakenAway): Promise<void> {
  const citizen = trx.selectFrom('persons').select('citizen').where('id', '=', subject)
  await trx.deleteFrom('revocation_codes').where('citizen', 'in', citizen).execute()
}

function reasonOf({ reason }: TakenAway['said']): string {
  return typeof reason === 'string' ? reason : 'unspecified'
}
