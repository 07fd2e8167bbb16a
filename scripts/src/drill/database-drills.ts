import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { backUpIssuer, createBackupIdentity, restoreIssuer } from '@netcert/issuer/backup'
import { atIssuer, issuerFolder, type Place } from '../demo/issuing.js'
import type { Drill } from './drill.js'
import { type DrillCopy, DrillFailed } from './drill-ground.js'

/** An old state of the database lies where the database was. */
export const databaseRolledBack: Drill = {
  name: 'database-rolled-back',
  fault: "somebody put last night's copy of the database where the database was",
  async run(ground) {
    const { place } = ground
    const [kept, revoked] = [await ground.mint(), await ground.mint()]
    const backup = await backUp(place)
    const old = join(place.dir, 'old.sqlite')
    const file = join(issuerFolder(place), 'issuer.sqlite')
    await copyFile(file, old)
    await revoke(place, revoked)
    await ground.publish()
    await ground.rejected('a certificate is revoked', revoked, ['status_invalid'])
    await moveAway(place, ['issuer'])
    await copyFile(old, file)
    ground.did('the database is replaced by its copy from before')
    const differs = ['audit_differs']
    await ground.refused('it lets nobody change anything', differs, () => revoke(place, kept))
    await ground.noticed('audit_broken')
    ground.recover('it is moved away, the backup is restored, the lists are published')
    await moveAway(place, ['issuer'])
    await backup.restore()
    await ground.publish()
    await ground.rejected('revoked stays revoked', revoked, ['status_invalid'])
    await ground.accepted('the others are good', kept)
  },
}

/** The disk with both databases is gone. */
export const databaseLost: Drill = {
  name: 'database-lost',
  fault: 'the disk with both databases is lost; there are a backup and the audit log',
  async run(ground) {
    const { place } = ground
    const copy = await ground.mint()
    const backup = await backUp(place)
    const later = await ground.mint()
    await ground.publish()
    await moveAway(place, ['issuer', 'source'])
    ground.did('both databases are gone')
    await ground.refused('the issuer does not open', ['database_missing'], () => ground.mint())
    await ground.accepted('platforms go on with the last lists', later)
    ground.recover('the backup is restored, and the lists are published')
    await backup.restore()
    await ground.publish()
    await ground.accepted('a certificate from before the backup is good', copy)
    const unknown = 'one from after it counts no more, and is fetched anew'
    await ground.rejected(unknown, later, ['status_invalid'])
    await ground.accepted('the new one is good', await ground.mint())
  },
}

/** Nothing can be written any more. */
export const diskFull: Drill = {
  name: 'disk-full',
  fault: "the disk is full while somebody's certificate has to be revoked",
  async run(ground) {
    const { place } = ground
    const copy = await ground.mint()
    await ground.publish()
    const words = ['--batch', copy.batch, '--reason', 'device_lost']
    const full = await command(place, ['certificate', 'revoke', ...words], true)
    if (full.exit === 0)
      throw new DrillFailed('a revocation that could not be stored says it is done')
    ground.did(`no file can grow: the revocation says that it could not be stored (${full.code})`)
    await ground.accepted('and it was not', copy)
    ground.recover('room is made, and the same command is run again')
    const roomy = await command(place, ['certificate', 'revoke', ...words], false)
    if (roomy.exit !== 0) throw new DrillFailed(`with room it is refused: ${roomy.code}`)
    await ground.publish()
    await ground.rejected('the certificate is refused', copy, ['status_invalid'])
  },
}

async function revoke(place: Place, { batch }: DrillCopy): Promise<void> {
  await atIssuer(place, ({ certificates }) =>
    certificates.setStatus({ target: { batch }, status: 'revoked', reason: 'device_lost' }),
  )
}

async function backUp(place: Place): Promise<{ restore(): Promise<void> }> {
  const { clock } = place
  const dir = issuerFolder(place)
  const identityFile = join(place.dir, 'backup.key')
  const recipients = [await createBackupIdentity(identityFile)]
  const made = await backUpIssuer({ dir, clock, out: join(place.dir, 'backups'), recipients })
  const { file, keysFile } = made
  const from = { dir, clock, file, keysFile, identityFile, withoutJournal: false }
  return {
    async restore() {
      await restoreIssuer(from)
    },
  }
}

/** Closed databases are one file each; logs of theirs are of no use to another file. */
async function moveAway(place: Place, names: readonly string[]): Promise<void> {
  const dir = issuerFolder(place)
  for (const file of await readdir(dir)) {
    if (!names.some((name) => file.startsWith(`${name}.sqlite`))) continue
    const away = join(place.dir, `${file}.away`)
    await rm(away, { force: true })
    await rename(join(dir, file), away)
  }
}

/** A file may grow to so many blocks: SQLite meets it as a disk without room. */
const FULL_BLOCKS = 8

/** Runs this program as a process of its own, where nothing can be written or where it can. */
async function command(
  place: Place,
  words: readonly string[],
  full: boolean,
): Promise<{ readonly exit: number | null; readonly code: string }> {
  const [, program = ''] = process.argv
  const under = full ? `ulimit -f ${FULL_BLOCKS}; exec "$@"` : 'exec "$@"'
  const all = [process.execPath, program, ...words, '--dir', issuerFolder(place), '--json']
  const child = spawn('/bin/sh', ['-c', under, 'sh', ...all], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (piece: Buffer) => (said += piece.toString('utf8')))
  const [exit] = (await once(child, 'close')) as [number | null]
  return { exit, code: /"code":\s*"([a-z_]+)"/.exec(said)?.[1] ?? 'no code' }
}
