import type { Migration } from '@netcert/agent'
import type { Kysely } from 'kysely'

/** Tables of issuance on the wire. Codes and identifiers stand here as hashes only. */
export type CredentialIssuanceSchema = {
  vci_offers: {
    id: string
    /** Of what the offer's own link names it by. */
    reference_hash: string
    /** Of the pre-authorized code; null in an offer of the authorization code grant. */
    code_hash: string | null
    /** Of `issuer_state`; null in an offer of the pre-authorized code grant. */
    state_hash: string | null
    /** Keyed hash over code and transaction code; null where none is asked for. */
    tx_hash: string | null
    /** How the transaction code looks, JSON. */
    tx_form: string | null
    /** Whom the certificates are about; null leaves it to whoever logs in. */
    citizen: string | null
    /** The guardian they are for, where they are about a ward; may be left open, too. */
    guardian: string | null
    /** JSON array. */
    configuration_ids: string
    deferred: number
    guesses: number
    expires_at: number
    redeemed_at: number | null
  }
  /** Nonces of key proofs that were used; kept until they would be refused as too old anyway. */
  vci_used_nonces: { nonce_hash: string; expires_at: number }
  vci_deferred: {
    id_hash: string
    grant_id: string
    /** Whom the certificates are about. */
    citizen: string
    /** The guardian whose grant it is, where they are about a ward. */
    guardian: string | null
    configuration_id: string
    ready_at: number
    expires_at: number
    /** Public keys the copies are for, sealed; gone with the delivery. */
    holder_keys: string | null
    /** The plan that was committed for it. */
    batch: string | null
    /** What was signed and not delivered yet, sealed; gone with the delivery. */
    credentials: string | null
    delivered_at: number | null
  }
  vci_notifications: {
    id_hash: string
    grant_id: string
    batch: string
    event: string | null
    event_at: number | null
    expires_at: number
  }
}

export const credentialIssuanceMigrations: readonly Migration[] = [
  { name: '0011-credential-issuance', up: createTables },
]

async function createTables(db: Kysely<unknown>): Promise<void> {
  await createOffers(db)
  await db.schema
    .createTable('vci_used_nonces')
    .addColumn('nonce_hash', 'varchar(64)', (column) => column.primaryKey())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('vci_deferred')
    .addColumn('id_hash', 'varchar(64)', (column) => column.primaryKey())
    .addColumn('grant_id', 'varchar(64)', (column) => column.notNull())
    .addColumn('citizen', 'varchar(40)', (column) => column.notNull())
    .addColumn('configuration_id', 'varchar(64)', (column) => column.notNull())
    .addColumn('ready_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('holder_keys', 'text')
    .addColumn('batch', 'varchar(40)')
    .addColumn('credentials', 'text')
    .addColumn('delivered_at', 'bigint')
    .execute()
  await db.schema
    .createTable('vci_notifications')
    .addColumn('id_hash', 'varchar(64)', (column) => column.primaryKey())
    .addColumn('grant_id', 'varchar(64)', (column) => column.notNull())
    .addColumn('batch', 'varchar(40)', (column) => column.notNull())
    .addColumn('event', 'varchar(32)')
    .addColumn('event_at', 'bigint')
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute()
  for (const table of ['vci_offers', 'vci_used_nonces', 'vci_deferred', 'vci_notifications']) {
    await db.schema.createIndex(`${table}_expires`).on(table).column('expires_at').execute()
  }
}

async function createOffers(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('vci_offers')
    .addColumn('id', 'varchar(40)', (column) => column.primaryKey())
    .addColumn('reference_hash', 'varchar(64)', (column) => column.notNull().unique())
    .addColumn('code_hash', 'varchar(64)', (column) => column.unique())
    .addColumn('state_hash', 'varchar(64)', (column) => column.unique())
    .addColumn('tx_hash', 'varchar(64)')
    .addColumn('tx_form', 'text')
    .addColumn('citizen', 'varchar(40)')
    .addColumn('configuration_ids', 'text', (column) => column.notNull())
    .addColumn('deferred', 'integer', (column) => column.notNull())
    .addColumn('guesses', 'integer', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('redeemed_at', 'bigint')
    .execute()
}
