import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { columnsOf } from '../../../../test/database-columns.js'
import { databasesOn, engines } from '../../../../test/database-engines.js'
import { issuerFamily } from '../../../../test/issuer-family.js'
import { openIssuer, openIssuerGround, type OpenedIssuerGround } from '../open.js'
import { KEPT_TABLES, RETENTION_CLASSES } from './retention-classes.js'
import {
  formatDuration,
  parseDuration,
  retentionClasses,
  retentionFaults,
} from './retention-times.js'

const DAY = 86_400

describe.each(engines)('retention, on %s', (engine) => {
  const family = issuerFamily(databasesOn(engine))

  const opened = async <T>(work: (ground: OpenedIssuerGround['ground']) => Promise<T>) => {
    const { ground, close } = await openIssuerGround({
      dir: family.test.dir,
      clock: () => family.now,
    })
    try {
      return await work(ground)
    } finally {
      await close()
    }
  }
  const later = (seconds: number) => {
    family.now = new Date(family.now.getTime() + seconds * 1000)
  }
  const holders = () =>
    opened(({ database }) =>
      database.kysely.selectFrom('batches').select(['person', 'list']).execute(),
    )

  it('has every table of the schema in a class or kept for a reason, and no other', async () => {
    const tables = await opened(async ({ database }) => [...(await columnsOf(database)).keys()])
    const inClasses = retentionClasses().flatMap((name) => [...RETENTION_CLASSES[name].tables])
    const named = new Set<string>([...inClasses, ...Object.keys(KEPT_TABLES)])
    expect(tables.filter((table) => !named.has(table))).toEqual([])
    expect([...named].filter((table) => !tables.includes(table))).toEqual([])
    for (const reason of Object.values(KEPT_TABLES)) expect(reason.length).toBeGreaterThan(10)
  })

  it('removes what is over, says what, and puts the counts on record', async () => {
    await family.mint({})
    await family.issuer.recordPresence({ citizen: family.person('parent'), face: true })
    await family.issuer.erasure.cancel(family.person('parent'))
    await family.mint({ citizen: family.person('stranger') })
    later(30 * DAY - 1)
    expect((await family.issuer.retention.run({ dryRun: false })).removed).toEqual([])
    later(1)
    const wouldGo = await family.issuer.retention.run({ dryRun: true })
    expect(wouldGo.removed.map((one) => [one.class, one.removed])).toEqual([
      ['cool_downs', 1],
      ['erasure_receipts', 1],
    ])
    expect(await family.issuer.retention.run({ dryRun: false })).toEqual({
      ...wouldGo,
      finished: true,
    })
    expect((await family.issuer.retention.run({ dryRun: false })).removed).toEqual([])
    const [entry, ...more] = await opened(({ database }) =>
      database.kysely
        .selectFrom('audit_log')
        .select(['subject', 'details'])
        .where('event', '=', 'retention_enforced')
        .execute(),
    )
    expect(more).toEqual([])
    expect(entry).toEqual({ subject: null, details: '{"cool_downs":1,"erasure_receipts":1}' })
  })

  it('forgets whose an ended batch was, and keeps its place on the list', async () => {
    await family.mint({})
    const [before] = await holders()
    expect(before?.person).toMatch(/^p_/)
    later(60 * DAY - 3600)
    await family.issuer.retention.run({ dryRun: false })
    expect(await holders()).toEqual([before])
    later(2 * 3600)
    await family.issuer.retention.run({ dryRun: false })
    expect(await holders()).toEqual([{ person: null, list: before?.list }])
  })

  it('keeps what an operator wants kept longer, and no longer', async () => {
    const file = join(family.test.dir, 'netcert.json')
    const config = JSON.parse(await readFile(file, 'utf8')) as object
    const times = { batch_holders: '0d', offers: '7d' }
    await writeFile(file, JSON.stringify({ ...config, retention: times }), { mode: 0o600 })
    const { issuer, close } = await openIssuer({ dir: family.test.dir, clock: () => family.now })
    await family.mint({})
    later(31 * DAY)
    const { removed } = await issuer.retention.run({ dryRun: false })
    expect(removed.map((one) => one.class)).toEqual(['batch_holders'])
    const listed = new Map(issuer.retention.list().map((one) => [one.class, one.keptSeconds]))
    expect([listed.get('offers'), listed.get('cool_downs')]).toEqual([7 * DAY, 30 * DAY])
    await close()
  })

  it('puts on record with the next run what the sweeps of a minute removed', async () => {
    await family.issuer.recordPresence({ citizen: family.person('parent'), face: true })
    later(16 * 60)
    await family.issuer.retention.sweep()
    await family.issuer.retention.run({ dryRun: false })
    await family.issuer.retention.run({ dryRun: false })
    const entries = await opened(({ database }) =>
      database.kysely
        .selectFrom('audit_log')
        .select('details')
        .where('event', '=', 'retention_enforced')
        .execute(),
    )
    expect(entries).toEqual([{ details: '{"presence_checks":1}' }])
  })
})

describe('times of retention in a configuration', () => {
  it.each([
    ['45s', 45],
    ['15m', 900],
    ['24h', DAY],
    ['30d', 30 * DAY],
    ['0d', 0],
  ])('are read: %s', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds)
    expect(parseDuration(formatDuration(seconds))).toBe(seconds)
  })

  it.each(['', '1', 'd', '-1d', '01d', '1.5d', '1w', '1d ', '9999999d', 30, null])(
    'are refused: %j',
    (text) => {
      expect(parseDuration(text)).toBeUndefined()
    },
  )

  it.each([
    ['a class nobody knows', { logins: '1d' }, 'no class'],
    ['less than the least', { login_codes: '1h' }, '1d to 30d'],
    ['more than the most', { offers: '31d' }, '0s to 30d'],
    ['one that cannot be chosen', { used_nonces: '1d' }, 'cannot be chosen'],
    ['one that another member says', { cool_downs: '1d' }, 'cooldown_days'],
    ['no time at all', { offers: 7 }, 'a time such as 30d'],
    ['no object', [], 'times by class'],
  ])('are refused with the reason: %s', (_name, value, reason) => {
    const [fault, ...others] = retentionFaults(value)
    expect(others).toEqual([])
    expect(fault).toContain(reason)
  })

  it('are accepted at both bounds', () => {
    expect(retentionFaults({ login_codes: '1d', offers: '0s', trust_lists: '3650d' })).toEqual([])
  })
})
