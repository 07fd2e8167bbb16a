import { GUARDIANSHIP, WARD_CERTIFICATE } from '@netcert/credential'
import type { Migration } from '@netcert/agent'
import type { Kysely } from 'kysely'

/** Tables about minors and who acts for them. No birthday stands here, not even by its day. */
export type MinorsSchema = {
  /** Whose certificates a guardian's grant brings: one row for each identifier of its tokens. */
  ward_grants: {
    /** Name of the grant among the records of the authorization server. */
    grant_id: string
    /** The `credential_identifier` of the token response. */
    identifier: string
    /** References in the authentic source. */
    guardian: string
    ward: string
    /** 1 where the grant brings nothing but wards' certificates: it ends with its last row. */
    alone: number
    expires_at: number
  }
  /** Minors for whom a guardian holds or held certificates. */
  minors: {
    person: string
    /** `ward` under 14, `guarded` under 18, `grown` from then on: it only goes forward. */
    stage: string
  }
  /** Certificates that change hands at a birthday. */
  handovers: {
    id: string
    /** Whom they are about. */
    person: string
    /** `own` to the person, `guardianship` to a guardian, `grown` to the person of full age. */
    kind: string
    /** Reference of the guardian it goes to; empty where it goes to the person. */
    guardian: string
    /** Beginning of the month: the day itself would be a birthday. */
    due_at: number
    /** When it was last offered; null before. */
    offered_at: number | null
  }
}

/** The steps of the schema. */
export const minorsMigrations: readonly Migration[] = [{ name: '0036-minors', up: addMinors }]

/** The step in the authentic source: who a guardian's wards are is asked when they log in. */
export const wardLinkMigrations: readonly Migration[] = [
  {
    name: '0036-ward-links',
    up: async (db) => {
      const index = db.schema.createIndex('guardian_links_guardian').on('guardian_links')
      await index.column('guardian').execute()
    },
  },
]

async function addMinors(db: Kysely<unknown>): Promise<void> {
  await createWardGrants(db)
  await db.schema
    .createTable('minors')
    .addColumn('person', 'varchar(40)', (column) => column.primaryKey())
    .addColumn('stage', 'varchar(8)', (column) => column.notNull())
    .execute()
  await createHandovers(db)
  await db.schema.alterTable('vci_offers').addColumn('guardian', 'varchar(40)').execute()
  await db.schema.alterTable('vci_deferred').addColumn('guardian', 'varchar(40)').execute()
  // What was minted before batches named their guardian.
  await (db as Kysely<MinorsSchema & { batches: { person: string | null; vct: string } }>)
    .insertInto('minors')
    .columns(['person', 'stage'])
    .expression((build) =>
      build
        .selectFrom('batches')
        .select((row) => [
          row.ref('batches.person').$notNull().as('person'),
          row.val('ward').as('stage'),
        ])
        .distinct()
        .where('vct', 'in', [WARD_CERTIFICATE, GUARDIANSHIP])
        .where('person', 'is not', null),
    )
    .execute()
}

async function createWardGrants(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('ward_grants')
    .addColumn('grant_id', 'varchar(64)', (column) => column.notNull())
    .addColumn('identifier', 'varchar(96)', (column) => column.notNull())
    .addColumn('guardian', 'varchar(40)', (column) => column.notNull())
    .addColumn('ward', 'varchar(40)', (column) => column.notNull())
    .addColumn('alone', 'integer', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('ward_grants_key', ['grant_id', 'identifier'])
    .execute()
  for (const column of ['guardian', 'ward', 'expires_at']) {
    const index = db.schema.createIndex(`ward_grants_${column}`).on('ward_grants')
    await index.column(column).execute()
  }
}

async function createHandovers(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('handovers')
    .addColumn('id', 'varchar(40)', (column) => column.primaryKey())
    .addColumn('person', 'varchar(40)', (column) => column.notNull())
    .addColumn('kind', 'varchar(16)', (column) => column.notNull())
    .addColumn('guardian', 'varchar(40)', (column) => column.notNull())
    .addColumn('due_at', 'bigint', (column) => column.notNull())
    .addColumn('offered_at', 'bigint')
    .addUniqueConstraint('handovers_once', ['person', 'kind', 'guardian'])
    .execute()
}
