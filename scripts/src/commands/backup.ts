import { resolve } from 'node:path'
import type { BackupSummary, RestoreReport } from '@netcert/issuer/backup'
import type { Command } from 'commander'
import { type Invocation, issuerDir, issuerPlace, perform } from '../invocation.js'
import { type Screen, styled } from '../screen.js'

/** `netcert backup …` and `netcert restore`: the issuer's databases, encrypted. */
export function addBackupCommands(program: Command): void {
  const backup = program
    .command('backup')
    .description('encrypted backups of both databases, made while the issuer serves')
  addKeygen(backup)
  addCreate(backup)
  addVerify(backup)
  addRestore(program)
}

function addKeygen(backup: Command): void {
  const keygen = backup
    .command('keygen')
    .description('make the key pair of backups; its private half belongs on another machine')
    .requiredOption('--out <file>', 'where the private half is written; it must not exist')
    .addHelpText(
      'after',
      `
The file is one of the age tool (https://age-encryption.org), which opens backups as well.

Examples:
  netcert backup keygen --out /media/vault/backup.key`,
    )
  perform<{ readonly out: string }>(keygen, async ({ screen }, { out }) => {
    const { createBackupIdentity } = await import('@netcert/issuer/backup')
    const recipient = await createBackupIdentity(out)
    screen.line(styled('green', 'Made'), `  ${out}`)
    screen.line('  recipient  ', recipient)
    screen.line('  Back up with the recipient; keep the file where the issuer is not.')
    screen.result({ identity_file: out, recipient })
  })
}

type CreateOptions = { readonly out?: string; readonly recipient?: readonly string[] }

function addCreate(backup: Command): void {
  const create = backup
    .command('create')
    .description('back both databases up, and read back what was written')
    .option('--out <dir>', 'folder of the backups (else of netcert.json)')
    .option('--recipient <recipient...>', 'who can open it, age1… (else of netcert.json)')
    .addHelpText(
      'after',
      `
Each run writes one file, netcert-<time>.ncbackup.age, and replaces person-keys.age beside it: there is
only one of that, the newest, so that nobody who was erased can be read in any backup. Keep both files
together, and the folder secrets/ apart from them: without master.key nothing of it can be read.

Examples:
  netcert backup create --out /backup/netcert --recipient age1…`,
    )
  perform<CreateOptions>(create, async (invocation, { out, recipient }) => {
    const { backUpIssuer } = await import('@netcert/issuer/backup')
    const { screen } = invocation
    const report = await backUpIssuer({
      ...issuerPlace(invocation),
      // Of the configuration it is relative to the data folder, here to where the command is run.
      ...(out === undefined ? {} : { out: resolve(out) }),
      ...(recipient === undefined ? {} : { recipients: recipient }),
    })
    screen.line(styled('green', 'Backed up'), ' and read back')
    screen.line('  file   ', report.file)
    screen.line('  keys   ', report.keysFile)
    showSummary(invocation, report)
    screen.result({ ...wireForm(report), file: report.file, keys_file: report.keysFile })
  })
}

type VerifyOptions = { readonly identity: string }

function addVerify(backup: Command): void {
  const verify = backup
    .command('verify')
    .argument('<file>', 'a backup')
    .description('read a backup whole, without restoring it')
    .requiredOption('--identity <file>', 'the file of `backup keygen`')
  perform<VerifyOptions>(verify, async (invocation, { identity }, [file = '']) => {
    const { verifyBackup } = await import('@netcert/issuer/backup')
    const summary = await verifyBackup({ file, identityFile: identity })
    invocation.screen.line(styled('green', 'Whole'), `  ${file}`)
    showSummary(invocation, summary)
    invocation.screen.result(wireForm(summary))
  })
}

type RestoreOptions = {
  readonly keys: string
  readonly identity: string
  readonly withoutAuditLog?: true
}

function addRestore(program: Command): void {
  const restore = program
    .command('restore')
    .argument('<backup>', 'a file of `backup create`')
    .description('make the databases anew from a backup')
    .requiredOption('--keys <file>', 'the newest person-keys.age')
    .requiredOption('--identity <file>', 'the file of `backup keygen`')
    .option('--without-audit-log', 'its mirror is lost too: what was revoked since is good again')
    .addHelpText(
      'after',
      `
The data folder has its netcert.json and secrets/, and its databases are lost: one that is there is left
alone. What the audit log says was done after the backup (revocations, suspensions, cancellations,
withdrawn keys) is done again. Every status list is closed: certificates issued after the backup are
revoked, and wallets fetch new ones. Sign-ins, codes and offers end. Publish with the root key at once.

Examples:
  netcert restore /backup/netcert/netcert-20261122T054500Z.ncbackup.age \\
      --keys /backup/netcert/person-keys.age --identity /media/vault/backup.key`,
    )
  perform<RestoreOptions>(restore, async (invocation, options, [file = '']) => {
    const { keys, identity, withoutAuditLog } = options
    const { restoreIssuer } = await import('@netcert/issuer/backup')
    const { screen } = invocation
    const report = await restoreIssuer({
      dir: issuerDir(invocation),
      clock: invocation.clock,
      file,
      keysFile: keys,
      identityFile: identity,
      withoutJournal: withoutAuditLog === true,
    })
    showRestored(screen, report)
  })
}

function showRestored(screen: Screen, report: RestoreReport): void {
  screen.line(styled('green', 'Restored'), ` the state of ${report.createdAt.toISOString()}`)
  screen.line('  people           ', report.persons)
  screen.line('  erased meanwhile ', report.erased)
  screen.line('  done again       ', `${report.replayed} entries of the audit log`)
  screen.line('  grants ended     ', report.grantsEnded)
  for (const citizen of report.outdated) {
    screen.line('  paused           ', `${citizen}: repeat their correction or custody order,`)
    screen.line('                    then netcert certificate reinstate')
  }
  screen.line('  next  netcert publish --now with the root key, then netcert doctor')
  screen.result({
    created_at: report.createdAt,
    persons: report.persons,
    erased: report.erased,
    replayed: report.replayed,
    grants_ended: report.grantsEnded,
    outdated: report.outdated,
  })
}

function showSummary({ screen }: Invocation, { createdAt, counts }: BackupSummary): void {
  const rows = Object.values(counts).reduce((sum, count) => sum + count, 0)
  screen.line('  state  ', createdAt.toISOString())
  screen.line('  people ', counts['issuer.persons'] ?? 0)
  screen.line('  rows   ', rows)
}

function wireForm({ createdAt, counts, digest, environment }: BackupSummary): object {
  return { environment, created_at: createdAt, rows: counts, digest }
}
