import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { databasesOn } from '../../../../test/database-engines.js'
import { issuerFamily } from '../../../../test/issuer-family.js'
import { backUpIssuer, createBackupIdentity, restoreIssuer } from '../backup/backup-open.js'
import { openIssuer } from '../index.js'

describe('after a restore from a backup, the next offline pack', () => {
  const family = issuerFamily(databasesOn('sqlite'))
  const clock = () => family.now
  const out = () => join(family.folder, 'one.ncpack')

  /** Packs 1 to 3, of which the backup knows the first; then the databases are lost and restored. */
  const nextAfter = async (alsoLost: readonly string[]): Promise<number> => {
    const { dir } = family.test
    const identityFile = join(family.folder, 'backup.key')
    const recipients = [await createBackupIdentity(identityFile)]
    await family.issuer.packs.build({ out: out() })
    const { file, keysFile } = await backUpIssuer({
      ...{ dir, clock, recipients, out: join(family.folder, 'backups') },
    })
    await family.issuer.packs.build({ out: out() })
    expect((await family.issuer.packs.build({ out: out() })).sequence).toBe(3)
    await family.test.close()
    for (const name of await readdir(dir)) {
      if (/^(issuer|source)\.sqlite/.test(name)) await rm(join(dir, name))
    }
    for (const name of alsoLost) await rm(join(dir, name), { recursive: true })
    const withoutJournal = alsoLost.includes('audit')
    await restoreIssuer({ ...{ dir, clock, file, keysFile, identityFile }, withoutJournal })
    const { issuer, close } = await openIssuer({ dir, clock })
    try {
      if (withoutJournal) await issuer.auditLog.mirror()
      const { sequence } = await issuer.packs.build({ out: out() })
      // What is kept of the time after the backup can still be what changes begin at.
      if (!alsoLost.includes('packs')) {
        expect(await issuer.packs.build({ out: out(), since: 3 })).toMatchObject({ base: 3 })
      }
      return sequence
    } finally {
      await close()
    }
  }

  it('has a number above those that the audit log names', async () => {
    expect(await nextAfter(['packs'])).toBe(1004)
  })

  it('has a number above those in the folder, where the log is lost as well', async () => {
    expect(await nextAfter(['audit'])).toBe(1004)
  })

  it('has a number far above, where nothing tells how many there were', async () => {
    expect(await nextAfter(['audit', 'packs'])).toBe(1002)
  })

  it('does not take the place of a newer one that is public', async () => {
    await family.issuer.packs.build({ out: out() })
    await family.issuer.packs.build({ out: out() })
    const published = join(family.folder, 'public')
    expect(await family.issuer.publish({ out: published })).toMatchObject({ pack: 2 })
    await rm(join(family.test.dir, 'packs', '2.ncpack'))
    // The newest on record is kept no more: what is public stays, and what is damaged is not replaced by nothing.
    expect(await family.issuer.publish({ out: published })).toMatchObject({ pack: 2 })
    await writeFile(join(published, 'packs', 'latest.ncpack'), 'NCPACK')
    expect(await family.issuer.publish({ out: published })).toMatchObject({ pack: null })
    await family.issuer.packs.build({ out: out() })
    expect(await family.issuer.publish({ out: published })).toMatchObject({ pack: 3 })
  })
})
