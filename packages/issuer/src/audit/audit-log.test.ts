import { appendFile, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../../test/database-engines.js'
import { issuerFamily } from '../../../../test/issuer-family.js'
import { type OpenedIssuerGround, openIssuerGround } from '../open.js'
import type { AuditEntry, AuditEvent } from './audit-entry.js'
import { readMirror } from './audit-mirror.js'
import { reinsert } from './audit-store.js'

describe.each(engines)('the audit log on %s', (engine) => {
  const family = issuerFamily(databasesOn(engine))
  const opened: OpenedIssuerGround[] = []
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close()
  })
  const open = async () => {
    const ground = await openIssuerGround({ dir: family.test.dir, clock: () => family.now })
    opened.push(ground)
    return ground
  }
  const mirrorDir = () => join(family.test.dir, 'audit')
  const file = (name: string) => join(mirrorDir(), name)
  const lines = async () => (await readFile(file('log.jsonl'), 'utf8')).trimEnd().split('\n')
  const mirrored = async () => {
    const entries: AuditEntry[] = []
    for await (const entry of readMirror(mirrorDir())) entries.push(entry)
    return entries
  }
  const event = { event: 'published', details: { sequence: 7 } } satisfies AuditEvent
  const record = (one: OpenedIssuerGround, what: AuditEvent = event) =>
    one.ground.audit.record(() => Promise.resolve({ result: undefined, event: what }))

  it('begins with the key that its heads are signed with, and is whole', async () => {
    const [first] = await mirrored()
    const found = await family.issuer.auditLog.verify()
    expect(first).toMatchObject({ sequence: 1, event: 'issuer_initialised', actor: 'local' })
    expect(JSON.parse(first!.details)).toEqual({ audit_key: found.key })
    expect(found).toMatchObject({ lag: 0, firstBad: null })
    expect(found.heads).toBeGreaterThan(0)
  })

  it('is in its mirror before anything is answered, whichever of two processes writes', async () => {
    const [one, other] = [await open(), await open()]
    const before = (await mirrored()).length
    await Promise.all(Array.from({ length: 20 }, (_, at) => record(at % 2 ? one : other)))
    expect((await mirrored()).length).toBe(before + 20)
    expect(await family.issuer.auditLog.verify()).toMatchObject({ lag: 0, firstBad: null })
  })

  it('takes up where a crash left the mirror: nothing carried, half a line, a line twice', async () => {
    const one = await open()
    await record(one)
    const whole = await lines()
    const last = whole.at(-1)!
    for (const left of [whole.slice(0, -1), [...whole.slice(0, -1), last.slice(0, 40)], whole]) {
      await writeFile(file('log.jsonl'), left.join('\n') + (left.at(-1)!.endsWith('}') ? '\n' : ''))
      if (left === whole) await appendFile(file('log.jsonl'), `${last}\n`)
      await record(await open())
      expect(await family.issuer.auditLog.verify()).toMatchObject({ lag: 0, firstBad: null })
      whole.push((await lines()).at(-1)!)
    }
    expect((await mirrored()).map(({ sequence }) => sequence)).toEqual(whole.map((_, at) => at + 1))
  })

  it('does nothing where its mirror is gone, until that is back or written again', async () => {
    const one = await open()
    await record(one)
    const entries = (await mirrored()).length
    await rm(mirrorDir(), { recursive: true })
    await expect(record(one)).rejects.toMatchObject({ code: 'audit_unwritable' })
    await expect(record(await open())).rejects.toMatchObject({ code: 'audit_unwritable' })
    expect(
      (await one.ground.database.kysely.selectFrom('audit_log').selectAll().execute()).length,
    ).toBe(entries)
    expect((await one.issuer.auditLog.verify()).firstBad).toMatchObject({
      where: 'mirror',
      sequence: 1,
      fault: 'cut',
    })
    expect(await one.issuer.auditLog.mirror()).toEqual({ entries })
    await record(one)
    expect(await mirrored()).toHaveLength(entries + 1)
    expect((await one.issuer.auditLog.verify()).firstBad).toBeNull()
  })

  it('lets an old database do nothing until it has what its mirror has', async () => {
    const one = await open()
    for (let at = 0; at < 5; at += 1) await record(one)
    const { kysely } = one.ground.database
    const all = await mirrored()
    const end = all.at(-4)!
    await sql.raw(dropTriggers(engine)).execute(kysely)
    if (engine === 'sqlite') await sql`drop trigger audit_tail_only_grows`.execute(kysely)
    await kysely.deleteFrom('audit_log').where('sequence', '>', end.sequence).execute()
    await kysely.updateTable('audit_tail').set({ sequence: end.sequence, hash: end.hash }).execute()
    await expect(record(one)).rejects.toMatchObject({ code: 'audit_differs' })
    await expect(record(await open())).rejects.toMatchObject({ code: 'audit_differs' })
    expect((await one.issuer.auditLog.verify()).firstBad).toMatchObject({
      where: 'database',
      sequence: end.sequence + 1,
      fault: 'cut',
    })
    const restore = () =>
      one.ground.database.transaction((trx) => reinsert(trx, readMirror(mirrorDir())))
    expect(await restore()).toBe(3)
    expect(await restore()).toBe(0)
    await record(one)
    expect((await one.issuer.auditLog.verify()).firstBad).toBeNull()
    const forged = { ...all.at(-1)!, sequence: all.length + 2 }
    const inserting = one.ground.database.transaction((trx) => reinsert(trx, [forged]))
    await expect(inserting).rejects.toMatchObject({ code: 'audit_broken' })
  })

  it('signs a head after a hundred entries, and when a process ends', async () => {
    const one = await open()
    const before = (await one.issuer.auditLog.verify()).heads
    for (let at = 0; at < 101; at += 1) await record(one)
    const within = (await one.issuer.auditLog.verify()).heads
    expect(within).toBe(before + 1)
    await opened.pop()!.close()
    expect((await family.issuer.auditLog.verify()).heads).toBe(within + 1)
  })
})

/** What somebody with the database's password can do. */
function dropTriggers(engine: string): string {
  return engine === 'sqlite'
    ? 'drop trigger audit_log_no_delete'
    : 'drop trigger audit_log_no_delete on audit_log; drop trigger audit_tail_only_grows on audit_tail'
}
