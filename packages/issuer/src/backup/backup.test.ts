import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../../test/database-engines.js'
import {
  holderKeys,
  startTestIssuer,
  temporaryFolder,
  testClock,
  type TestIssuer,
} from '../../../../test/issuer-ground.js'
import { openIssuerGround, type OpenedIssuerGround } from '../open.js'
import { type BackupReport, createBackup } from './backup.js'
import { createBackupIdentity, readBackupIdentities } from './backup-identity.js'
import { type BackupReader, readBackup } from './backup-reading.js'
import { type BackupLine, readLines, writeLines } from './backup-stream.js'
import { databasesOf } from './backup-content.js'
import { MIGRATIONS_TABLE, tablesOf } from './backup-store.js'
import { readPersonKeys } from './person-keys.js'

describe.each(engines)('a backup on %s', (engine) => {
  const databases = databasesOn(engine)
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let issuer: TestIssuer
  let opened: OpenedIssuerGround
  let recipient = ''
  let identities: readonly string[] = []

  beforeAll(async () => {
    folder = await temporaryFolder()
    issuer = await startTestIssuer({ dir: join(folder.path, 'issuer'), databases, citizens: 30 })
    for (const citizen of await grownUps(issuer, 3)) {
      await issuer.issuer.mint({
        citizen,
        type: 'urn:netcert:network-certificate:1',
        copies: 'platform',
        holderJwks: await holderKeys(1),
      })
    }
    opened = await openIssuerGround({ dir: issuer.dir, clock: testClock })
    const file = join(folder.path, 'backup.key')
    recipient = await createBackupIdentity(file)
    identities = await readBackupIdentities(file)
  })

  afterAll(async () => {
    await opened.close()
    await issuer.close()
    await folder.remove()
  })

  const openedDatabases = () => databasesOf(opened.ground)
  const backUp = (out: string) =>
    createBackup({
      databases: openedDatabases(),
      environment: opened.ground.config.environment,
      out: join(folder.path, out),
      recipients: [recipient],
      now: testClock(),
    })

  const nothing: BackupReader = { onHeader: async () => {}, onPiece: async () => {} }
  const linesOf = async (file: string): Promise<BackupLine[]> => {
    const lines: BackupLine[] = []
    for await (const line of readLines(file, identities).lines) lines.push(line)
    return lines
  }
  const changed = async (made: BackupReport, change: (bytes: Buffer) => Buffer) => {
    const file = `${made.file}.changed`
    await writeFile(file, change(await readFile(made.file)))
    return readBackup({ file, identities }, nothing)
  }

  it('reads back whole for whoever has the identity, with the keys of people apart', async () => {
    const made = await backUp('whole')
    const { file, keysFile, ...summary } = made
    expect(await readBackup({ file, identities }, nothing)).toEqual(summary)
    expect(summary.counts).toMatchObject({ 'source.citizens': 30, 'issuer.persons': 3 })
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    const { keys } = await readPersonKeys({ file: keysFile, identities })
    expect(keys.size).toBe(3)
    const lines = JSON.stringify(await linesOf(file))
    for (const key of keys.values()) expect(lines).not.toContain(key)
  })

  it('leaves no table out: every table has a key to read it by', async () => {
    for (const { kysely, engine: kind } of Object.values(openedDatabases())) {
      const named = (await tablesOf(kysely, kind)).map(({ name }) => name)
      const all = (await everyTable[kind].execute(kysely)).rows.map(({ name }) => name)
      const known = all.filter((name) => name !== MIGRATIONS_TABLE && name !== 'sqlite_sequence')
      expect(named.toSorted()).toEqual(known.toSorted())
    }
  })

  it('is of one moment, and keeps nobody from writing meanwhile', async () => {
    const before = await backUp('before')
    const [made] = await Promise.all([backUp('meanwhile'), issuer.issuer.numbers.listOfficers()])
    expect(made.counts).toEqual(before.counts)
  })

  it('opens for nobody else', async () => {
    const made = await backUp('others')
    const file = join(folder.path, 'other.key')
    await createBackupIdentity(file)
    const others = { file: made.file, identities: await readBackupIdentities(file) }
    await expect(readBackup(others, nothing)).rejects.toMatchObject({ code: 'backup_unreadable' })
  })

  it.each([
    [
      'a changed byte',
      (bytes: Buffer) => Buffer.from(bytes.map((byte, at) => byte ^ Number(at === 400))),
    ],
    ['a lost end', (bytes: Buffer) => bytes.subarray(0, bytes.length - 30)],
    ['no content', () => Buffer.alloc(0)],
    ['another file', () => Buffer.from('people.csv\n'.repeat(100))],
  ])('is not believed with %s', async (_what, change) => {
    const made = await backUp('changed')
    await expect(changed(made, change)).rejects.toMatchObject({ code: 'backup_unreadable' })
  })

  it.each([
    ['a row is missing', (lines: BackupLine[]) => [...lines.slice(0, 2), ...lines.slice(3)]],
    ['the end is missing', (lines: BackupLine[]) => lines.slice(0, -1)],
    ['something follows the end', (lines: BackupLine[]) => [...lines, { end: {} }]],
    [
      'the beginning is another',
      (lines: BackupLine[]) => [{ netcert_backup: 2 }, ...lines.slice(1)],
    ],
    [
      'a table has another name',
      ([header, ...lines]: BackupLine[]) => [
        header!,
        { database: 'issuer', table: 'a"; drop', rows: [] },
        ...lines,
      ],
    ],
  ])('is not believed when %s', async (_what, change) => {
    const made = await backUp('other')
    const file = `${made.file}.other`
    const lines = change(await linesOf(made.file))
    await writeLines(
      file,
      [recipient],
      (async function* () {
        yield* lines
      })(),
    )
    const read = readBackup({ file, identities }, nothing)
    await expect(read).rejects.toMatchObject({ code: 'backup_malformed' })
  })

  it('is not made for nobody, or for what is no recipient', async () => {
    const parts = { environment: 'e', out: join(folder.path, 'none'), now: testClock() }
    const none = { ...parts, databases: openedDatabases(), recipients: [] }
    await expect(createBackup(none)).rejects.toMatchObject({ code: 'backup_recipient' })
    const wrong = { ...none, recipients: ['age1nobody'] }
    await expect(createBackup(wrong)).rejects.toMatchObject({ code: 'backup_recipient' })
  })
})

const everyTable = {
  sqlite: sql<{ name: string }>`select name from sqlite_schema where type = 'table'`,
  postgres: sql<{ name: string }>`
    select table_name as name from information_schema.tables where table_schema = current_schema()`,
}

/** Sample citizens who may hold a certificate of their own. */
async function grownUps({ issuer, citizens }: TestIssuer, count: number): Promise<string[]> {
  const found: string[] = []
  for (const citizen of citizens) {
    if (found.length === count) break
    const refused = await issuer.recordPresence({ citizen, face: false }).then(
      () => false,
      () => true,
    )
    if (!refused) found.push(citizen)
  }
  return found
}
