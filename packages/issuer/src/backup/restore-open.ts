import { dirname } from 'node:path'
import { type Database, keyStoreMigrations, openVault, type Vault } from '@netcert/agent'
import { epochSeconds } from '@netcert/credential'
import type { AuditEntry, AuditStatement } from '../audit/audit-entry.js'
import { auditFolder, readMirror } from '../audit/audit-mirror.js'
import { createAuditStore, reinsert } from '../audit/audit-store.js'
import { type IssuerConfig, readIssuerConfig } from '../config.js'
import { type CoolDowns, createCoolDowns } from '../cool-down.js'
import { createCoolDownStore } from '../cool-down-store.js'
import { assertPrivate, dataFolder } from '../data-folder.js'
import { databaseLocation } from '../database-location.js'
import { IssuerError } from '../issuer-error.js'
import { type IssuerSchema, issuerMigrations } from '../issuer-schema-store.js'
import { keptPacks } from '../offline-pack/pack-folder.js'
import { raisePackCounter } from '../offline-pack/pack-store.js'
import { openIssuerDatabase } from '../open.js'
import { sourceMigrations } from '../source-store.js'
import { readBackupIdentities } from './backup-identity.js'
import { readBackup } from './backup-reading.js'
import { assertBackupOnRecord } from './backup-record.js'
import { readPersonKeys } from './person-keys.js'
import { restoreActs } from './restore-acts.js'
import { replayJournal } from './restore-journal.js'
import { createRowWriting, type RestorePlaces } from './restore-rows-open.js'
import {
  closeLists,
  countPersons,
  endGrants,
  endOrphans,
  isUnfinished,
  markFinished,
  raiseTrustList,
} from './restore-store.js'

export type RestoreOptions = {
  /** The data folder: with its configuration and secrets, without its databases. */
  readonly dir: string
  readonly file: string
  /** The newest keys of enrolled people. */
  readonly keysFile: string
  readonly identityFile: string
  /**
   * The audit log outside of the database is lost as well: what was revoked, suspended or erased after
   * the backup is good again, and only the newest keys of people keep the erased from coming back.
   */
  readonly withoutJournal: boolean
  readonly clock: () => Date
}

export type RestoreReport = {
  /** When the backup was made. */
  readonly createdAt: Date
  /** Enrolled people who are there again. */
  readonly persons: number
  /** People in the backup who had been erased by then, or were erased since. */
  readonly erased: number
  /** Entries of the audit log that the backup did not know of. */
  readonly replayed: number
  /** Codes, tokens, sign-ins and offers that count no more. */
  readonly grantsEnded: number
  /**
   * Citizens whose facts or guardians were changed after the backup: they are paused until the
   * correction or the order is repeated and the pause is ended.
   */
  readonly outdated: readonly string[]
}

/**
 * Makes the databases of an issuer anew from a backup. What was done since, as far as the audit log
 * outside of the database tells, is done again; no status index is handed out a second time, and
 * nothing that was revoked is good again. A database of the two that is there stays as it is. When it
 * breaks off, the same call goes on.
 *
 * @throws IssuerError `backup_…`, `restore_not_empty`, `restore_other_issuer`, `restore_schema_newer`,
 *   `audit_broken`, `audit_unreadable`, `not_initialised`, `config_malformed`, `unsafe_mode`.
 */
export async function restoreIssuer(options: RestoreOptions): Promise<RestoreReport> {
  const folder = dataFolder(options.dir)
  const config = await readIssuerConfig(folder.config)
  await assertPrivate(folder)
  const identities = await readBackupIdentities(options.identityFile)
  const { keys, environment } = await readPersonKeys({ file: options.keysFile, identities })
  if (environment !== config.environment) throw otherKeys()
  const writing = createRowWriting({
    places: await placesOf(options.dir, config),
    environment,
    keys,
  })
  try {
    const read = await readBackup({ file: options.file, identities }, writing)
    const { createdAt, counts, digest } = read
    if (!options.withoutJournal) await assertBackupOnRecord(auditDirOf(options, config), digest)
    await writing.commit()
    const finished = await finishRestore(options, config)
    return { createdAt, ...finished, erased: (counts['issuer.persons'] ?? 0) - finished.persons }
  } catch (error) {
    await writing.undo()
    throw error
  }
}

function auditDirOf({ dir }: Pick<RestoreOptions, 'dir'>, config: IssuerConfig): string {
  return dirname(auditFolder(dir, config).log)
}

async function placesOf(dir: string, config: IssuerConfig): Promise<RestorePlaces> {
  const issuer = await databaseLocation(dir, config.database)
  const source = await databaseLocation(dir, config.source)
  const engine = 'sqlite' in issuer ? 'sqlite' : 'postgres'
  return {
    issuer: { location: issuer, migrations: [...keyStoreMigrations, ...issuerMigrations(engine)] },
    source: { location: source, migrations: sourceMigrations },
  }
}

type Finished = Pick<RestoreReport, 'persons' | 'replayed' | 'grantsEnded' | 'outdated'>

/** What a restored database needs before anybody opens it: all of it, or nothing. */
async function finishRestore(
  { dir, clock, withoutJournal }: Pick<RestoreOptions, 'dir' | 'clock' | 'withoutJournal'>,
  config: IssuerConfig,
): Promise<Finished> {
  const vault = await openVault({ masterKeyFile: dataFolder(dir).masterKey })
  const database = await openIssuerDatabase(dir, config)
  try {
    const acts = restoreActs({ vault, coolDowns: coolDownsOf(database, { vault, config, clock }) })
    const since = withoutJournal ? [] : await entriesSince(database, auditDirOf({ dir }, config))
    // A pack that is kept beside the database tells as well, where the log outside is lost.
    const [keptPack = 0] = await keptPacks(dataFolder(dir).packs)
    const at = epochSeconds(clock())
    const store = createAuditStore(database)
    return await database.transaction(async (trx) => {
      if (!(await isUnfinished(trx))) {
        return { persons: await countPersons(trx), replayed: 0, grantsEnded: 0, outdated: [] }
      }
      await reinsert(trx, since)
      const { heights, outdated } = await replayJournal(trx, since, acts)
      const grantsEnded = await endGrants(trx)
      await closeLists(trx, heights)
      await raiseTrustList(trx, heights.trustList)
      await raisePackCounter(trx, Math.max(heights.pack, keptPack))
      await endOrphans(trx, at)
      await markFinished(trx)
      await store.append(trx, restoredEntry(at, since.length))
      return { persons: await countPersons(trx), replayed: since.length, grantsEnded, outdated }
    })
  } finally {
    await database.close()
  }
}

function coolDownsOf(
  database: Database<IssuerSchema>,
  parts: { readonly vault: Vault; readonly config: IssuerConfig; readonly clock: () => Date },
): CoolDowns {
  const { vault, config, clock } = parts
  const store = createCoolDownStore(database)
  return createCoolDowns({ store, vault, days: config.cooldown_days, clock })
}

/** What the mirror has and a restored database lacks. */
async function entriesSince(
  database: Database<IssuerSchema>,
  auditDir: string,
): Promise<readonly AuditEntry[]> {
  const { sequence } = await createAuditStore(database).tail()
  const since: AuditEntry[] = []
  for await (const entry of readMirror(auditDir)) if (entry.sequence > sequence) since.push(entry)
  return since
}

/** Whoever has the identity of the backups is at work; the operators are in what is restored. */
function restoredEntry(at: number, replayed: number): AuditStatement {
  const details = JSON.stringify({ replayed })
  return { at, event: 'restored', actor: 'local', subject: null, details, signature: null }
}

function otherKeys(): IssuerError {
  const text = 'The keys of people are of another issuer; bring the person-keys.age of this one.'
  return new IssuerError('restore_other_issuer', text)
}
