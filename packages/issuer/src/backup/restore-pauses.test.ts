import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { epochSeconds } from '@netcert/credential'
import { describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../../test/database-engines.js'
import { holderKeys } from '../../../../test/issuer-ground.js'
import { issuerFamily } from '../../../../test/issuer-family.js'
import { subjectTagOf } from '../as-record-content.js'
import { type Issuer, openIssuer } from '../index.js'
import { openIssuerGround } from '../open.js'
import { backUpIssuer, createBackupIdentity, restoreIssuer } from './backup-open.js'

const DAY = 86_400

describe.each(engines)('an issuer restored on %s', (engine) => {
  const databases = databasesOn(engine)
  const family = issuerFamily(databases)
  const clock = () => family.now

  /** A grant on record, as consent puts it there. */
  const grantOf = async (citizen: string) => {
    const { ground, close } = await openIssuerGround({ dir: family.test.dir, clock })
    const expires_at = epochSeconds(family.now) + DAY
    const row = { model: 'Grant', id: 'grant', grant_id: null, uid: null, sealed: '', expires_at }
    const subject_tag = subjectTagOf(ground.vault, citizen)
    const whole = { ...row, subject_tag, consumed_at: null }
    await ground.database.kysely.insertInto('as_records').values(whole).execute()
    await close()
    return row.id
  }
  /** The disk of the databases is lost. */
  const lose = async () => {
    await family.test.close()
    for (const file of await readdir(family.test.dir)) {
      if (/^(issuer|source)\.sqlite/.test(file)) await rm(join(family.test.dir, file))
    }
    for (const name of ['issuer', 'source']) {
      const location = await databases.location()
      if ('postgres' in location) {
        await writeFile(`${family.test.dir}.${name}-url`, location.postgres, { mode: 0o600 })
      }
    }
  }

  it('has a pause in its log outside, though the process ended before that and it is asked for again', async () => {
    await family.mint({})
    const citizen = family.person('parent')
    const until = new Date(family.now.getTime() + DAY * 1000)
    const grantId = await grantOf(citizen)
    const word = { citizen, grantId, until }
    const pause = await family.issuer.ending.pauseOwn(word)
    const log = join(family.test.dir, 'audit', 'log.jsonl')
    const whole = await readFile(log, 'utf8')
    // As a kill between commit and answer leaves it.
    await writeFile(log, `${whole.trimEnd().split('\n').slice(0, -1).join('\n')}\n`)
    const { issuer, close } = await openIssuer({ dir: family.test.dir, clock })
    try {
      expect(await issuer.ending.pauseOwn(word)).toEqual(pause)
      expect(await readFile(log, 'utf8')).toBe(whole)
    } finally {
      await close()
    }
  })

  it('pauses again who paused with their wallet since, and never ends that sooner', async () => {
    await family.mint({})
    const { dir } = family.test
    const citizen = family.person('parent')
    const end = new Date(family.now.getTime() + DAY * 1000)
    const identityFile = join(family.folder, 'backup.key')
    const recipients = [await createBackupIdentity(identityFile)]
    const out = join(family.folder, 'backups')
    const { file, keysFile } = await backUpIssuer({ dir, clock, out, recipients })
    const grantId = await grantOf(citizen)
    const { ending } = family.issuer
    await ending.pauseOwn({ citizen, grantId, until: end })
    await ending.pauseOwn({ citizen, grantId, until: new Date(end.getTime() - 3_600_000) })
    await lose()
    await restoreIssuer({ dir, clock, file, keysFile, identityFile, withoutJournal: false })
    const { issuer, close } = await openIssuer({ dir, clock })
    try {
      family.now = new Date(end.getTime() - 1_000)
      expect(await issuer.certificates.endDue()).toBe(0)
      await expect(mintBy(issuer, citizen)).rejects.toMatchObject({ code: 'citizen_suspended' })
      family.now = end
      expect(await issuer.certificates.endDue()).toBeGreaterThan(0)
      await mintBy(issuer, citizen)
    } finally {
      await close()
    }
  })
})

async function mintBy(issuer: Issuer, citizen: string): Promise<void> {
  const type = 'urn:netcert:network-certificate:1'
  await issuer.mint({ citizen, type, copies: 'platform', holderJwks: await holderKeys(1) })
}
