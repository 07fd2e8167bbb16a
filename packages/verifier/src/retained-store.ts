import { createHash, randomBytes } from 'node:crypto'
import type { Database } from '@netcert/agent'
import { epochSeconds, isJsonObject, type JsonObject, parseJsonObject } from '@netcert/credential'
import type { Kysely } from 'kysely'
import { type AccountKey, accountKeyOf } from './account-key.js'
import { VerifierError } from './errors.js'
import type { PresentationResult } from './vp-outcome.js'
import type { RowSeal } from './vp-store.js'

/** Claims that a platform may keep, each row sealed. Without an accreditation for it there are none. */
export type RetainedTables = {
  verifier_retained: {
    id: string
    /** SHA-256 of the account key: whoever reads the database learns no number. */
    account_hash: string
    purpose: string
    /** JSON of the claims, sealed. */
    sealed: string
    received_at: number
    ends_at: number
  }
}

/** The step of the schema, after those of `vpMigrations`. */
export const retainedMigrations = [
  {
    name: '0003-verifier-retained',
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('verifier_retained')
        .addColumn('id', 'varchar(32)', (column) => column.primaryKey())
        .addColumn('account_hash', 'varchar(64)', (column) => column.notNull())
        .addColumn('purpose', 'text', (column) => column.notNull())
        .addColumn('sealed', 'text', (column) => column.notNull())
        .addColumn('received_at', 'bigint', (column) => column.notNull())
        .addColumn('ends_at', 'bigint', (column) => column.notNull())
        .execute()
      await db.schema
        .createIndex('verifier_retained_by_end')
        .on('verifier_retained')
        .column('ends_at')
        .execute()
      await db.schema
        .createIndex('verifier_retained_by_account')
        .on('verifier_retained')
        .column('account_hash')
        .execute()
    },
  },
] as const

/** What is kept, counted; no value and no account is in it. */
export type RetainedLine = {
  readonly purpose: string
  readonly persons: number
  readonly records: number
  /** When the next of them ends, and the last. */
  readonly firstEndsAt: Date
  readonly lastEndsAt: Date
}

/** Claims kept for as long as the accreditation says, and no longer. */
export type RetainedClaims = {
  /**
   * Keeps the claims of a result until its retention ends.
   *
   * @throws VerifierError `retention_unaccredited` where the accreditation does not say that claims
   *   are stored, `account_unnumbered`
   */
  keep(result: PresentationResult): Promise<void>
  /** The claims kept of an account, newest first; what has ended is not among them. */
  read(account: AccountKey): Promise<readonly JsonObject[]>
  /** Deletes everything of an account, in the log of the database too. */
  forget(account: AccountKey): Promise<number>
  /** Deletes what has ended, in the log of the database too. */
  sweep(): Promise<number>
  lines(): Promise<readonly RetainedLine[]>
}

/** Options of {@link retainedClaims}. */
export type RetainedClaimsOptions = {
  readonly database: Pick<Database<RetainedTables>, 'kysely' | 'checkpoint'>
  readonly vault: RowSeal
  readonly clock: () => Date
}

/** Retained claims in a database. */
export function retainedClaims(options: RetainedClaimsOptions): RetainedClaims {
  const { database, clock } = options
  const { kysely } = database
  const now = () => epochSeconds(clock())
  return {
    keep: (result) => keep(options, result),
    async read(account) {
      const rows = await kysely
        .selectFrom('verifier_retained')
        .selectAll()
        .where('account_hash', '=', sha256(account))
        .where('ends_at', '>', now())
        .orderBy('received_at', 'desc')
        .execute()
      return rows.map((row) => openRow(options, row))
    },
    async forget(account) {
      const gone = kysely.deleteFrom('verifier_retained')
      const { numDeletedRows } = await gone
        .where('account_hash', '=', sha256(account))
        .executeTakeFirstOrThrow()
      return swept(database, Number(numDeletedRows))
    },
    async sweep() {
      const { numDeletedRows } = await kysely
        .deleteFrom('verifier_retained')
        .where('ends_at', '<=', now())
        .executeTakeFirstOrThrow()
      return swept(database, Number(numDeletedRows))
    },
    lines: () => readLines(kysely, now()),
  }
}

/** Deleted pages stand in the log until it is cut. */
async function swept({ checkpoint }: Pick<Database<RetainedTables>, 'checkpoint'>, count: number) {
  if (count > 0) await checkpoint()
  return count
}

async function keep(
  { database, vault, clock }: RetainedClaimsOptions,
  result: PresentationResult,
): Promise<void> {
  const { retention, facts, identity, networkNumber, purpose } = result
  if (retention?.mayStoreClaims !== true) {
    throw new VerifierError(
      'retention_unaccredited',
      'the accreditation does not say that claims are stored; keep the account key alone.',
    )
  }
  const id = randomBytes(16).toString('hex')
  const claims = { facts, ...(identity && { identity }), ...(networkNumber && { networkNumber }) }
  await database.kysely
    .insertInto('verifier_retained')
    .values({
      id,
      account_hash: sha256(accountKeyOf(result)),
      purpose: purpose ?? '',
      sealed: vault.seal(new TextEncoder().encode(JSON.stringify(claims)), contextOf(id)),
      received_at: epochSeconds(clock()),
      ends_at: epochSeconds(retention.endsAt),
    })
    .execute()
}

function openRow(
  { vault }: RetainedClaimsOptions,
  { sealed, id }: RetainedTables['verifier_retained'],
): JsonObject {
  const claims = parseJsonObject(new TextDecoder().decode(vault.unseal(sealed, contextOf(id))), {
    maxDepth: 32,
  })
  return isJsonObject(claims) ? claims : {}
}

async function readLines(
  kysely: Kysely<RetainedTables>,
  now: number,
): Promise<readonly RetainedLine[]> {
  const rows = await kysely
    .selectFrom('verifier_retained')
    .select((eb) => [
      'purpose',
      eb.fn.count<number>('account_hash').distinct().as('persons'),
      eb.fn.countAll<number>().as('records'),
      eb.fn.min('ends_at').as('first'),
      eb.fn.max('ends_at').as('last'),
    ])
    .where('ends_at', '>', now)
    .groupBy('purpose')
    .orderBy('purpose')
    .execute()
  return rows.map(({ purpose, persons, records, first, last }) => ({
    purpose,
    persons: Number(persons),
    records: Number(records),
    firstEndsAt: new Date(Number(first) * 1000),
    lastEndsAt: new Date(Number(last) * 1000),
  }))
}

const contextOf = (id: string) => `netcert/verifier-retained/v1|${id}`

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
