import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { epochSeconds } from '@netcert/credential'
import { IssuerError } from '../issuer-error.js'
import { type BackupDatabases, backupLines, type PersonKey } from './backup-content.js'
import { passingIdentity } from './backup-identity.js'
import { type BackupSummary, readBackup } from './backup-reading.js'
import { writeLines } from './backup-stream.js'
import { KEYS_FILE } from './keys-file.js'
import { readPersonKeys, writePersonKeys } from './person-keys.js'

export type BackupReport = BackupSummary & {
  readonly file: string
  /** The newest keys of enrolled people; it took the place of the one before. */
  readonly keysFile: string
}

export type CreateBackupOptions = {
  readonly databases: BackupDatabases
  readonly environment: string
  /** Folder of the backups. */
  readonly out: string
  /** `age1…`; whoever has one of their private halves can open the backup. */
  readonly recipients: readonly string[]
  readonly now: Date
}

/**
 * Backs both databases up while they are worked on, encrypted, and reads back from the disk what it
 * wrote: with a key that is forgotten at the end.
 *
 * @throws IssuerError `backup_recipient`, `backup_not_read_back`.
 */
export async function createBackup(options: CreateBackupOptions): Promise<BackupReport> {
  const { databases, environment, out, now } = options
  if (options.recipients.length === 0) throw recipientMissing()
  const passing = await passingIdentity()
  const recipients = [...options.recipients, passing.recipient]
  const identities = [passing.identity]
  await mkdir(out, { recursive: true, mode: 0o700 })
  const file = join(out, `netcert-${stamp(now)}.ncbackup.age`)
  const keys: PersonKey[] = []
  const onKey = (key: PersonKey) => keys.push(key)
  const written = await writeLines(
    file,
    recipients,
    backupLines({ databases, environment, now: epochSeconds(now), onKey }),
  )
  const ignored = async (): Promise<void> => {}
  const summary = await readBackup({ file, identities }, { onHeader: ignored, onPiece: ignored })
  const keysFile = join(out, KEYS_FILE)
  // Last: a key that is in no backup yet harms nobody, a backup without its keys would.
  await writePersonKeys(keysFile, { recipients, environment, now: epochSeconds(now), keys })
  const kept = await readPersonKeys({ file: keysFile, identities })
  if (summary.digest !== written || kept.keys.size !== keys.length) throw notReadBack()
  return { ...summary, file, keysFile }
}

/** `20261122T054500Z` */
function stamp(now: Date): string {
  return now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').concat('Z')
}

function recipientMissing(): IssuerError {
  const text =
    'Nobody is named who can open the backup; give --recipient, or make one with `netcert backup keygen`.'
  return new IssuerError('backup_recipient', text)
}

function notReadBack(): IssuerError {
  const text = 'What was read back is not what was written; look at the disk and back up elsewhere.'
  return new IssuerError('backup_not_read_back', text)
}
