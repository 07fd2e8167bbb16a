import type { Database } from '@netcert/agent'
import type { Transaction } from 'kysely'
import type { IssuerSchema } from '../issuer-schema-store.js'

type Inside = Transaction<IssuerSchema>

/** One dataset of a guardian's grant. */
export type StoredWardGrant = IssuerSchema['ward_grants']

/** Whose grants end: those of a ward, of one guardian of theirs, or only of one configuration. */
export type EndedGrants = {
  readonly ward?: string
  readonly guardian?: string
  /** Grants of these guardians stay. */
  readonly except?: readonly string[]
  /** Beginning of the identifiers; all where nothing is said. */
  readonly identifiers?: string
}

/** All SQL about the grants of guardians. */
export type WardGrantStore = {
  put(rows: readonly StoredWardGrant[]): Promise<void>
  ofGrant(grantId: string): Promise<readonly StoredWardGrant[]>
  /**
   * Inside the transaction that plans on the strength of it, after the grant itself was held: `false`
   * when it is there no more. Whoever ends it waits for this, and finds what was planned.
   */
  holds(trx: Inside, key: Pick<StoredWardGrant, 'grant_id' | 'identifier'>): Promise<boolean>
  /** Ends datasets, and the grants that brought nothing else. How many datasets there were. */
  end(trx: Inside, which: EndedGrants): Promise<number>
}

/** The table `ward_grants` behind {@link WardGrantStore}. */
export function createWardGrantStore({ kysely, engine }: Database<IssuerSchema>): WardGrantStore {
  return {
    async put(rows) {
      if (rows.length > 0)
        await kysely
          .insertInto('ward_grants')
          .values([...rows])
          .execute()
    },
    ofGrant: (grantId) =>
      kysely
        .selectFrom('ward_grants')
        .selectAll()
        .where('grant_id', '=', grantId)
        .orderBy('identifier')
        .execute(),
    async holds(trx, { grant_id, identifier }) {
      const row = trx
        .selectFrom('ward_grants')
        .select('ward')
        .where('grant_id', '=', grant_id)
        .where('identifier', '=', identifier)
      // SQLite has one writer at a time.
      const held = engine === 'postgres' ? row.forShare() : row
      return (await held.executeTakeFirst()) !== undefined
    },
    end: endWardGrants,
  }
}

/** Part of a transaction: ends datasets, and the grants that brought nothing else. How many datasets. */
export async function endWardGrants(trx: Inside, which: EndedGrants): Promise<number> {
  const { ward, guardian, except = [], identifiers } = which
  if (ward === undefined && guardian === undefined) throw new TypeError('say whose grants end')
  const rows = (
    await trx
      .selectFrom('ward_grants')
      .selectAll()
      .where((build) =>
        build.and({
          ...(ward === undefined ? {} : { ward }),
          ...(guardian === undefined ? {} : { guardian }),
        }),
      )
      .execute()
  ).filter((row) => !except.includes(row.guardian) && row.identifier.startsWith(identifiers ?? ''))
  // Grants first, then what hangs on them: whoever plans takes their locks in that order.
  for (const grant of new Set(rows.flatMap((row) => (row.alone === 1 ? [row.grant_id] : [])))) {
    const ended = rows.filter((row) => row.grant_id === grant).map((row) => row.identifier)
    await deleteGrantOf(trx, grant, ended)
  }
  for (const { grant_id, identifier } of rows) {
    await trx
      .deleteFrom('ward_grants')
      .where('grant_id', '=', grant_id)
      .where('identifier', '=', identifier)
      .execute()
  }
  return rows.length
}

/** Deletes a grant with its tokens unless it brings something that does not end. */
async function deleteGrantOf(trx: Inside, grant: string, ended: readonly string[]): Promise<void> {
  const other = await trx
    .selectFrom('ward_grants')
    .select('identifier')
    .where('grant_id', '=', grant)
    .where('identifier', 'not in', ended)
    .executeTakeFirst()
  if (other !== undefined) return
  for (const table of ['vci_notifications', 'vci_deferred'] as const) {
    await trx.deleteFrom(table).where('grant_id', '=', grant).execute()
  }
  await trx
    .deleteFrom('as_records')
    .where((build) => build.or([build('grant_id', '=', grant), build('id', '=', grant)]))
    .execute()
}
