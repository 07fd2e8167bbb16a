import { resolve } from 'node:path'
import { IssuerError } from '../issuer-error.js'
import { openIssuerGround, type OpenIssuerOptions } from '../open.js'
import { type BackupReport, createBackup } from './backup.js'
import { databasesOf } from './backup-content.js'
import { readBackupIdentities } from './backup-identity.js'
import { type BackupSummary, readBackup } from './backup-reading.js'

export type { BackupReport } from './backup.js'
export { createBackupIdentity } from './backup-identity.js'
export type { BackupSummary } from './backup-reading.js'
export { type RestoreOptions, type RestoreReport, restoreIssuer } from './restore-open.js'

export type BackUpOptions = OpenIssuerOptions & {
  /** Folder of the backups; the one of the configuration when nothing else is said. */
  readonly out?: string
  /** `age1…`; those of the configuration when nothing else is said. */
  readonly recipients?: readonly string[]
}

/**
 * Backs an issuer up while it serves.
 *
 * @throws IssuerError `backup_recipient`, `backup_place`, `backup_not_read_back`; as `openIssuer`.
 */
export async function backUpIssuer(options: BackUpOptions): Promise<BackupReport> {
  const { ground, close } = await openIssuerGround(options)
  try {
    ground.access.require('keys')
    const { config, audit } = ground
    const out = options.out ?? config.backup?.out
    if (out === undefined) throw placeMissing()
    const report = await createBackup({
      databases: databasesOf(ground),
      environment: config.environment,
      out: resolve(options.dir, out),
      recipients: options.recipients ?? config.backup?.recipients ?? [],
      now: ground.clock(),
    })
    const persons = report.counts['issuer.persons'] ?? 0
    const details = { persons, digest: report.digest }
    await audit.record(async () => ({
      result: undefined,
      event: { event: 'backed_up', details },
    }))
    return report
  } finally {
    await close()
  }
}

/**
 * Reads a backup whole without restoring it.
 *
 * @throws IssuerError `backup_identity`, `backup_unreadable`, `backup_malformed`.
 */
export async function verifyBackup(options: {
  readonly file: string
  readonly identityFile: string
}): Promise<BackupSummary> {
  const ignored = async (): Promise<void> => {}
  const identities = await readBackupIdentities(options.identityFile)
  return readBackup({ file: options.file, identities }, { onHeader: ignored, onPiece: ignored })
}

function placeMissing(): IssuerError {
  const text = 'Say where backups go: --out, or the member backup of netcert.json.'
  return new IssuerError('backup_place', text)
}
