import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTrust, readStatus, withStatusLists } from '@netcert/credential'
import { inspectCredential } from '@netcert/credential/holder'
import { beforeEach, describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../../test/database-engines.js'
import { issuerFamily } from '../../../../test/issuer-family.js'
import { type Issuer, openIssuer } from '../index.js'
import { backUpIssuer, createBackupIdentity, restoreIssuer } from './backup-open.js'
import type { BackupReport } from './backup.js'
import { readBackupIdentities } from './backup-identity.js'
import { readPersonKeys } from './person-keys.js'

describe.each(engines)('an issuer restored on %s', (engine) => {
  const databases = databasesOn(engine)
  const family = issuerFamily(databases)
  let identityFile = ''
  let recipients: readonly string[] = []

  beforeEach(async () => {
    identityFile = join(family.folder, 'backup.key')
    recipients = [await createBackupIdentity(identityFile)]
  })

  const clock = () => family.now
  const backUp = () =>
    backUpIssuer({ dir: family.test.dir, clock, out: join(family.folder, 'backups'), recipients })
  const restore = (
    { file, keysFile }: Pick<BackupReport, 'file' | 'keysFile'>,
    withoutJournal = false,
  ) => restoreIssuer({ dir: family.test.dir, clock, file, keysFile, identityFile, withoutJournal })

  /** The disk of the databases is lost. */
  const lose = async (names: readonly string[] = ['issuer', 'source']) => {
    await family.test.close()
    for (const file of await readdir(family.test.dir)) {
      if (names.some((name) => file.startsWith(`${name}.sqlite`))) {
        await rm(join(family.test.dir, file))
      }
    }
    for (const name of names) {
      const location = await databases.location()
      if ('postgres' in location) {
        await writeFile(`${family.test.dir}.${name}-url`, location.postgres, { mode: 0o600 })
      }
    }
  }
  const opened = async <T>(work: (issuer: Issuer) => Promise<T>): Promise<T> => {
    const { issuer, close } = await openIssuer({ dir: family.test.dir, clock })
    try {
      return await work(issuer)
    } finally {
      await close()
    }
  }
  const publish = async (issuer: Issuer) => {
    const out = join(family.folder, 'public')
    const { trustList, statusLists } = await issuer.publish({ out })
    const read = (name: string) => readFile(join(out, name), 'utf8')
    const trust = await createTrust({
      trustListToken: await read('trust-list.jwt'),
      rootDids: [family.test.rootDid],
      now: family.now,
      graceSeconds: 0,
      minimumSequence: 0,
    })
    const tokens = await Promise.all(statusLists.map(({ file }) => read(file)))
    const taken = await withStatusLists(trust, tokens, family.now)
    return { trust: taken.trust, sequence: trustList.sequence }
  }
  type Published = Awaited<ReturnType<typeof publish>>
  const place = async (credential: string | undefined) =>
    (await inspectCredential(credential ?? '')).status!
  const statusOf = async ({ trust }: Published, credential: string | undefined) => {
    const { issuer } = await inspectCredential(credential ?? '')
    const { uri, index } = await place(credential)
    return readStatus(trust.issuers.get(issuer)!.statusLists.get(uri)!.list, index)
  }
  const lastAuditEntry = (issuer: Issuer) => issuer.auditLog.verify()

  it('keeps what was done since: revoked, suspended and erased stay so', async () => {
    const kept = await family.mint({})
    const revoked = await family.mint({})
    const theirs = await family.mint({ citizen: family.person('stranger') })
    await publish(family.issuer)
    const backup = await backUp()
    const target = { batch: revoked.batch }
    const { certificates, erasure } = family.issuer
    await certificates.setStatus({ target, status: 'revoked', reason: 'key_lost' })
    await erasure.cancel(family.person('stranger'))
    const later = await family.mint({})
    await lose()
    const report = await restore(backup)
    expect(report).toMatchObject({ persons: 1, erased: 1 })
    expect(report.replayed).toBeGreaterThanOrEqual(2)
    await opened(async (issuer) => {
      const published = await publish(issuer)
      expect(await statusOf(published, kept.credentials[0])).toBe(0)
      expect(await statusOf(published, revoked.credentials[0])).toBe(1)
      expect(await statusOf(published, theirs.credentials[0])).toBe(1)
      // Nobody knows of it any more, so it counts for nothing.
      expect(await statusOf(published, later.credentials[0])).toBe(1)
      await expect(
        issuer.certificates.setStatus({ target, status: 'valid', reason: 'unspecified' }),
      ).rejects.toMatchObject({ code: 'status_final' })
      await expect(issuer.erasure.cancel(family.person('stranger'))).rejects.toMatchObject({
        code: 'citizen_unknown',
      })
      expect(await lastAuditEntry(issuer)).toMatchObject({ firstBad: null })
    })
  })

  it('pauses whose facts were corrected since, and names them', async () => {
    const { credentials } = await family.mint({})
    await family.mint({ citizen: family.person('stranger') })
    const backup = await backUp()
    const citizen = family.person('parent')
    await family.issuer.ending.correctCitizen(citizen, { residence_region: 'SH' })
    await lose()
    expect(await restore(backup)).toMatchObject({ persons: 2, outdated: [citizen] })
    await opened(async (issuer) => {
      expect(await statusOf(await publish(issuer), credentials[0])).not.toBe(0)
    })
  })

  it('never gives a status index a second time, and no list number', async () => {
    const before = [await family.mint({}), await family.mint({})]
    const backup = await backUp()
    const since = [await family.mint({}), await family.mint({})]
    await lose()
    await restore(backup)
    await opened(async (issuer) => {
      const after = await issuer.mint({
        citizen: family.person('parent'),
        type: 'urn:netcert:network-certificate:1',
        copies: 'platform',
        holderJwks: [(await inspectCredential(since[0]!.credentials[0]!)).holderJwk],
      })
      const { uri } = await place(after.credentials[0])
      for (const { credentials } of [...before, ...since]) {
        expect(uri).not.toBe((await place(credentials[0])).uri)
      }
      expect(await statusOf(await publish(issuer), after.credentials[0])).toBe(0)
    })
  })

  it('has nobody back whose key is gone, from however old a backup', async () => {
    await family.mint({})
    const theirs = await family.mint({ citizen: family.person('stranger') })
    const old = await backUp()
    await family.issuer.erasure.cancel(family.person('stranger'))
    family.now = new Date(family.now.getTime() + 3_600_000)
    const newest = await backUp()
    await lose()
    // The audit log was lost as well: it tells nothing.
    await rm(join(family.test.dir, 'audit'), { recursive: true })
    const from = { file: old.file, keysFile: newest.keysFile }
    await expect(restore(from)).rejects.toMatchObject({ code: 'audit_unreadable' })
    const report = await restore(from, true)
    expect(report).toMatchObject({ persons: 1, erased: 1, replayed: 0 })
    await opened(async (issuer) => {
      await issuer.auditLog.mirror()
      expect(await statusOf(await publish(issuer), theirs.credentials[0])).toBe(1)
    })
  })

  it('has the keys beside the backups written anew after somebody was erased', async () => {
    const config = join(family.test.dir, 'netcert.json')
    const out = join(family.folder, 'backups')
    const text = JSON.parse(await readFile(config, 'utf8'))
    await writeFile(config, JSON.stringify({ ...text, backup: { out, recipients } }))
    await family.mint({ citizen: family.person('stranger') })
    await opened(async (issuer) => {
      const { keysFile } = await backUpIssuer({ dir: family.test.dir, clock })
      const identities = await readBackupIdentities(identityFile)
      const enrolled = async () => (await readPersonKeys({ file: keysFile, identities })).keys.size
      expect(await enrolled()).toBe(1)
      // While they were being written: what is on the disk later is of the moment it was begun.
      family.now = new Date(family.now.getTime() + 1_000)
      await issuer.erasure.cancel(family.person('stranger'))
      await publish(issuer)
      expect(await enrolled()).toBe(0)
    })
  })

  it('gives the next trust list a number above all that were public', async () => {
    const backup = await backUp()
    await family.issuer.keys.next({ use: 'credential' })
    const { sequence } = await publish(family.issuer)
    await lose()
    await restore(backup)
    await opened(async (issuer) => {
      expect((await publish(issuer)).sequence).toBeGreaterThan(sequence)
    })
  })

  it('leaves databases that are there as they are', async () => {
    const backup = await backUp()
    await expect(restore(backup)).rejects.toMatchObject({ code: 'restore_not_empty' })
    await lose(['issuer'])
    await restore(backup)
    await expect(restore(backup)).rejects.toMatchObject({ code: 'restore_not_empty' })
    expect(await opened((issuer) => issuer.listCitizens({ limit: 10 }))).toMatchObject({
      next: null,
    })
  })

  it('goes on where it broke off, and is opened by nobody before that', async () => {
    await family.mint({})
    const backup = await backUp()
    await lose()
    const log = join(family.test.dir, 'audit', 'log.jsonl')
    const whole = await readFile(log, 'utf8')
    await writeFile(
      log,
      `${whole}${whole.split('\n').at(-2)?.replace('"sequence":', '"sequence":9')}\n`,
    )
    await expect(restore(backup)).rejects.toMatchObject({ code: 'audit_broken' })
    await expect(opened(async () => {})).rejects.toMatchObject({ code: 'restore_unfinished' })
    await writeFile(log, whole)
    await restore(backup)
    await opened(async (issuer) => {
      expect(await lastAuditEntry(issuer)).toMatchObject({ firstBad: null })
    })
  })

  it('is not made of a backup of another issuer, or with another identity', async () => {
    const backup = await backUp()
    await lose()
    const other = join(family.folder, 'other.key')
    await createBackupIdentity(other)
    const { file, keysFile } = backup
    const from = { dir: family.test.dir, clock, file, keysFile, withoutJournal: false }
    await expect(restoreIssuer({ ...from, identityFile: other })).rejects.toMatchObject({
      code: 'backup_unreadable',
    })
    const config = join(family.test.dir, 'netcert.json')
    const text = await readFile(config, 'utf8')
    await writeFile(config, text.replace(/e_[0-9a-f]{32}/, `e_${'0'.repeat(32)}`))
    await expect(restore(backup)).rejects.toMatchObject({ code: 'restore_other_issuer' })
  })
})
