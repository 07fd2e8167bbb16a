import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMasterKey, type Database, openDatabase, openVault } from '@netcert/agent'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../test/database-engines.js'
import { later, testNow } from '../../../test/trust-domain.js'
import { accountKeyOf } from './account-key.js'
import { retainedClaims, retainedMigrations, type RetainedTables } from './retained-store.js'
import type { PresentationResult, Retention } from './vp-outcome.js'
import type { RowSeal } from './vp-store.js'

const NAME = 'Beispiel-Marker-7319'
const NUMBER = 'P0000000000000000000000'
const allowed: Retention = { endsAt: later(3_600), mayStoreClaims: true }

const resultWith = (changes: Partial<PresentationResult> = {}): PresentationResult => ({
  ...{ verified: true, means: 'certificate', issuer: 'did:key:z1', role: 'self' },
  ...{ platformNumber: NUMBER, assurance: 'document', facts: { age_band: '18+' } },
  ...{ identity: { family_name: NAME }, credentials: {}, purpose: 'bank-account' },
  freshness: { verdict: 'valid', reason: 'fresh', asOf: testNow, ageSeconds: 0, showStaff: false },
  ...{ transactions: [], retention: allowed },
  ...changes,
})
const account = accountKeyOf(resultWith())

let vault: RowSeal
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcert-retained-'))
  const masterKeyFile = join(folder, 'master.key')
  await createMasterKey(masterKeyFile)
  vault = await openVault({ masterKeyFile })
})
afterAll(() => rm(folder, { recursive: true }))

describe.each(engines)('claims that a platform keeps, on %s', (engine) => {
  const databases = databasesOn(engine)
  let now = testNow
  const open = async () => {
    now = testNow
    const database = await databases.open<RetainedTables>({
      ...{ location: await databases.location(), migrations: retainedMigrations, create: true },
    })
    return retainedClaims({ database, vault, clock: () => now })
  }

  it('can be read by account until their time is over, and then are gone', async () => {
    const retained = await open()
    await retained.keep(resultWith())
    expect(await retained.read(account)).toEqual([
      { facts: { age_band: '18+' }, identity: { family_name: NAME } },
    ])
    now = later(3_600)
    expect(await retained.read(account)).toEqual([])
    expect(await retained.sweep()).toBe(1)
    expect(await retained.sweep()).toBe(0)
  })

  it('are counted by purpose, and nothing of anybody is shown', async () => {
    const retained = await open()
    expect(await retained.lines()).toEqual([])
    await retained.keep(resultWith())
    await retained.keep(resultWith({ retention: { ...allowed, endsAt: later(7_200) } }))
    await retained.keep(resultWith({ role: 'guardian' }))
    const lines = await retained.lines()
    expect(lines).toEqual([
      {
        ...{ purpose: 'bank-account', persons: 2, records: 3 },
        ...{ firstEndsAt: later(3_600), lastEndsAt: later(7_200) },
      },
    ])
  })

  it('go with the account, and no other account goes with them', async () => {
    const retained = await open()
    const other = resultWith({ role: 'guardian' })
    await retained.keep(resultWith())
    await retained.keep(other)
    expect(await retained.forget(account)).toBe(1)
    expect(await retained.forget(account)).toBe(0)
    expect(await retained.read(account)).toEqual([])
    expect(await retained.read(accountKeyOf(other))).toHaveLength(1)
  })

  it.each([
    ['the accreditation does not say so', { ...allowed, mayStoreClaims: false }],
    ['nobody was accredited', null],
  ])('are not kept where %s', async (_why, retention) => {
    const retained = await open()
    await expect(retained.keep(resultWith({ retention }))).rejects.toMatchObject({
      code: 'retention_unaccredited',
    })
    expect(await retained.lines()).toEqual([])
  })

  it('are not kept without an account to delete them by', async () => {
    const retained = await open()
    const { platformNumber: _, ...unnumbered } = resultWith()
    await expect(retained.keep(unnumbered)).rejects.toMatchObject({ code: 'account_unnumbered' })
  })
})

describe('on disk', () => {
  let database: Database<RetainedTables>
  const bytes = () =>
    Buffer.concat(
      readdirSync(folder).flatMap((name) =>
        name.startsWith('kept.') ? [readFileSync(join(folder, name))] : [],
      ),
    )

  it('claims stand sealed, and after their time not even the sealed bytes are left', async () => {
    database = await openDatabase<RetainedTables>({
      ...{ location: { sqlite: join(folder, 'kept.sqlite') }, create: true },
      migrations: retainedMigrations,
    })
    let now = testNow
    const retained = retainedClaims({ database, vault, clock: () => now })
    await retained.keep(resultWith())
    const { sealed } = await database.kysely
      .selectFrom('verifier_retained')
      .selectAll()
      .executeTakeFirstOrThrow()
    expect(bytes().includes(sealed)).toBe(true)
    for (const clear of [NAME, NUMBER, account, 'age_band']) {
      expect(bytes().includes(clear)).toBe(false)
    }
    now = later(3_601)
    await retained.sweep()
    expect(bytes().includes(sealed)).toBe(false)
    expect(bytes().includes(sealed.slice(20, 60))).toBe(false)
    await database.close()
  })
})
