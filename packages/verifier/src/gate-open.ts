import { readFile } from 'node:fs/promises'
import { type Database, openDatabase } from '@netcert/agent'
import type { Lane } from './gate/lane.js'
import { replaceDurably } from './verifier-folder.js'
import { createLedger, type EntryLedger } from './gate/gate-ledger.js'
import { databaseLedgerRows, type LedgerTables, ledgerMigrations } from './gate/ledger-store.js'

export { makeLane, type MakeLaneOptions, readEventKey, readGateKey } from './gate-folder.js'

export {
  type GateTrust,
  type GateTrustOptions,
  type GateTrustSource,
  openGateTrust,
} from './gate-trust.js'

/** Options of {@link openLedger}. */
export type OpenLedgerOptions = {
  /** An SQLite file; several lanes of one machine may share it, and then know one another's entries. */
  readonly file: string
  /** Whether it is made where it is missing. */
  readonly create: boolean
  readonly lane: Pick<Lane, 'event' | 'keepLedgerSeconds' | 'gate' | 'lane'>
  readonly clock: () => Date
}

/** An open ledger. */
export type OpenLedger = {
  readonly ledger: EntryLedger
  /** Erases it when its time is over. @returns entries that went; null before that time and after */
  readonly eraseWhenOver: () => Promise<number | null>
  readonly close: () => Promise<void>
}

/**
 * Opens the entry ledger of a lane.
 *
 * @throws VerifierError `ledger_other_event`; AgentError of the database, for example
 *   `database_missing`
 */
export async function openLedger(options: OpenLedgerOptions): Promise<OpenLedger> {
  const { file, create, lane, clock } = options
  const { event, keepLedgerSeconds, gate } = lane
  const database: Database<LedgerTables> = await openDatabase<LedgerTables>({
    location: { sqlite: file },
    migrations: ledgerMigrations,
    create,
  })
  try {
    const rows = databaseLedgerRows(database)
    const ledger = await createLedger({ rows, event, keepLedgerSeconds, gate, lane: lane.lane })
    return {
      ledger,
      close: () => database.close(),
      eraseWhenOver: async () => {
        const head = await rows.head()
        return head === null || clock() < head.erasesAt ? null : ledger.erase()
      },
    }
  } catch (error) {
    await database.close()
    throw error
  }
}

/** When the newest list of tickets was made that this lane has seen; null for none. */
export async function readTicketsSeen(file: string): Promise<Date | null> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return /^\d{1,12}\n$/.test(text) ? new Date(Number(text) * 1000) : null
}

/** Remembers {@link readTicketsSeen}. */
export function writeTicketsSeen(file: string, at: Date): Promise<void> {
  return replaceDurably(file, `${Math.floor(at.getTime() / 1000)}\n`, 0o600)
}
