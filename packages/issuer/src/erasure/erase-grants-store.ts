import type { Transaction } from 'kysely'
import type { IssuerSchema } from '../issuer-schema-store.js'
import { deletedRows } from './deleted-rows-store.js'

type Inside = Transaction<IssuerSchema>

/** Whose records of the authorization server go. */
export type GrantTerms = {
  /** Whose a record of the authorization server is. */
  readonly subjectTag: string
  /** Whether a record from before there were subject tags is this citizen's. */
  readonly isTheirs: (record: IssuerSchema['as_records']) => boolean
}

type Grants = Readonly<Record<'grants_and_tokens' | 'deferred_issuances' | 'notifications', number>>

/** Sign-ins, consents, codes and tokens, with everything that hangs on the same grants. */
export async function eraseGrants(
  trx: Inside,
  citizen: string,
  { subjectTag, isTheirs }: GrantTerms,
): Promise<Grants> {
  await tagUnmarked(trx, subjectTag, isTheirs)
  // A grant's own row has for its name what the rows of the grant name it by.
  const grants = trx
    .selectFrom('as_records')
    .select('id')
    .where('model', '=', 'Grant')
    .where('subject_tag', '=', subjectTag)
  const hanging = (table: 'vci_notifications' | 'vci_deferred') =>
    deletedRows(trx.deleteFrom(table).where('grant_id', 'in', grants))
  const notifications = await hanging('vci_notifications')
  const deferred = await hanging('vci_deferred')
  const ids = (await grants.execute()).map(({ id }) => id)
  await trx.deleteFrom('ward_grants').where('guardian', '=', citizen).execute()
  const records = trx.deleteFrom('as_records')
  let count = await deletedRows(records.where('subject_tag', '=', subjectTag))
  for (const id of ids) {
    count += await deletedRows(
      records.where((build) => build.or([build('grant_id', '=', id), build('id', '=', id)])),
    )
  }
  return { grants_and_tokens: count, deferred_issuances: deferred, notifications }
}

/** Records from before records said whose they are. */
async function tagUnmarked(
  trx: Inside,
  subjectTag: string,
  isTheirs: GrantTerms['isTheirs'],
): Promise<void> {
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
