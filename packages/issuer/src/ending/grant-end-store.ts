import type { Transaction } from 'kysely'
import type { GrantHolder } from '../as-record-content.js'
import { deletedRows } from '../deleted-rows-store.js'
import type { IssuerSchema } from '../issuer-schema-store.js'

type Inside = Transaction<IssuerSchema>

/** How many rows went with grants, by the class that a receipt of erasure names them by. */
export type EndedGrantRows = Readonly<
  Record<'grants_and_tokens' | 'deferred_issuances' | 'notifications', number>
>

/** Sign-ins, consents, codes and tokens of a citizen, with everything that hangs on the same grants. */
export async function endGrants(trx: Inside, holder: GrantHolder): Promise<EndedGrantRows> {
  await tagUnmarked(trx, holder)
  const { subjectTag } = holder
  // A grant's own row has for its name what the rows of the grant name it by.
  const grants = await trx
    .selectFrom('as_records')
    .select('id')
    .where('model', '=', 'Grant')
    .where('subject_tag', '=', subjectTag)
    .execute()
  const ended = { grants_and_tokens: 0, deferred_issuances: 0, notifications: 0 }
  for (const { id } of grants) {
    const rows = await endGrant(trx, id)
    ended.grants_and_tokens += rows.grants_and_tokens
    ended.deferred_issuances += rows.deferred_issuances
    ended.notifications += rows.notifications
  }
  ended.grants_and_tokens += await deletedRows(
    trx.deleteFrom('as_records').where('subject_tag', '=', subjectTag),
  )
  return ended
}

/**
 * One grant and all that hangs on it. Its own row goes first: a plan under way under this grant holds
 * that row, so whatever it wrote is there to be found afterwards.
 */
export async function endGrant(trx: Inside, grant: string): Promise<EndedGrantRows> {
  const records = trx
    .deleteFrom('as_records')
    .where((build) => build.or([build('grant_id', '=', grant), build('id', '=', grant)]))
  const hanging = (table: 'vci_notifications' | 'vci_deferred') =>
    deletedRows(trx.deleteFrom(table).where('grant_id', '=', grant))
  return {
    grants_and_tokens: await deletedRows(records),
    notifications: await hanging('vci_notifications'),
    deferred_issuances: await hanging('vci_deferred'),
  }
}

/** Records from before records said whose they are. */
async function tagUnmarked(trx: Inside, { subjectTag, isTheirs }: GrantHolder): Promise<void> {
  const unmarked = await trx
    .selectFrom('as_records')
    .selectAll()
    .where('subject_tag', 'is', null)
    .execute()
  for (const { model, id } of unmarked.filter(isTheirs)) {
    await trx
      .updateTable('as_records')
      .set({ subject_tag: subjectTag })
      .where('model', '=', model)
      .where('id', '=', id)
      .execute()
  }
}
