import type { Transaction } from 'kysely'
import type { IssuerSchema } from '../issuer-schema-store.js'

type Inside = Transaction<IssuerSchema>

/** Whose grants end. */
export type GrantHolder = {
  /** Whose a record of the authorization server is. */
  readonly subjectTag: string
  /** Whether a record from before there were subject tags is this citizen's. */
  readonly isTheirs: (record: IssuerSchema['as_records']) => boolean
}

/** Sign-ins, consents, codes and tokens of a citizen, with everything that hangs on the same grants. */
export async function endGrants(trx: Inside, { subjectTag, isTheirs }: GrantHolder): Promise<void> {
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
  // A grant's own row has for its name what the rows of the grant name it by.
  const grants = await trx
    .selectFrom('as_records')
    .select('id')
    .where('model', '=', 'Grant')
    .where('subject_tag', '=', subjectTag)
    .execute()
  for (const { id } of grants) await endGrant(trx, id)
  await trx.deleteFrom('as_records').where('subject_tag', '=', subjectTag).execute()
}

/**
 * One grant and all that hangs on it. Its own row goes first: a plan under way under this grant holds
 * that row, so whatever it wrote is there to be found afterwards.
 */
export async function endGrant(trx: Inside, grant: string): Promise<void> {
  await trx
    .deleteFrom('as_records')
    .where((build) => build.or([build('grant_id', '=', grant), build('id', '=', grant)]))
    .execute()
  for (const table of ['vci_notifications', 'vci_deferred'] as const) {
    await trx.deleteFrom(table).where('grant_id', '=', grant).execute()
  }
}
