import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { GATE_PASS, NETWORK_CERTIFICATE } from '@netcert/credential'
import { openIssuer } from '@netcert/issuer'
import { describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../test/database-engines.js'
import { type FamilyMember, issuerFamily } from '../../../test/issuer-family.js'
import { holderKeys } from '../../../test/issuer-ground.js'
import { blindFor, claimsOf } from '../../../test/numbered-copies.js'
import { createCoolDownStore } from './cool-down-store.js'
import { openIssuerGround } from './open.js'

const SHOP = 'p-4711'
const DAY = 86_400_000
type Table = 'batches' | 'number_cool_downs' | 'persons' | 'presence_checks'

describe.each(engines)('cancelling a person, %s', (engine) => {
  const family = issuerFamily(databasesOn(engine))

  const numbersOf = async (member: FamilyMember = 'parent') => {
    const blinding = blindFor(SHOP)
    const citizen = family.person(member)
    const { credentials } = await family.mint({ citizen, blinded: blinding.b })
    const network = (await claimsOf(credentials[0]!)).get('network_number')
    return { platform: await blinding.open(credentials[0]!), network }
  }
  const later = (milliseconds: number) => {
    family.now = new Date(family.now.getTime() + milliseconds)
  }
  const cancel = (member: FamilyMember = 'parent') =>
    family.issuer.erasure.cancel(family.person(member))
  const rows = async (...tables: readonly Table[]) => {
    const opened = { dir: family.test.dir, clock: () => family.now }
    const { ground, close } = await openIssuerGround(opened)
    const { kysely } = ground.database
    const read = (table: Table) => kysely.selectFrom(table).selectAll().execute()
    const found: readonly (readonly object[])[] = await Promise.all(tables.map(read))
    await close()
    return found.flat() as readonly Readonly<Record<string, unknown>>[]
  }

  it('revokes every copy with a status, and says what ends by itself', async () => {
    const first = await family.mint({})
    await family.mint({})
    await family.mint({ type: GATE_PASS, copies: 'one-time', keys: 8 })
    const { report } = await cancel()
    expect(report).toEqual({
      revoked: 2,
      withoutStatus: 1,
      coolDownUntil: new Date(family.now.getTime() + 30 * DAY),
    })
    const batches = await rows('batches')
    expect(batches.map(({ person }) => person)).toEqual([null, null, null])
    expect(batches.filter(({ status }) => status === 1)).toHaveLength(2)
    await expect(
      family.issuer.certificates.setStatus({
        target: { batch: first.batch },
        status: 'valid',
        reason: 'cleared',
      }),
    ).rejects.toMatchObject({ code: 'status_final' })
  })

  it('is refused for somebody who is not enrolled, or unknown', async () => {
    await expect(cancel('stranger')).rejects.toMatchObject({ code: 'citizen_unknown' })
    await expect(family.issuer.erasure.cancel('c_nobody')).rejects.toMatchObject({
      code: 'citizen_unknown',
    })
  })

  it('gives whoever asks again the same receipt, until its time is over', async () => {
    await family.mint({})
    const { receipt } = await cancel()
    later(DAY)
    expect(await cancel()).toEqual({ report: null, receipt, finished: true })
    later(29 * DAY)
    await expect(cancel()).rejects.toMatchObject({ code: 'citizen_unknown' })
  })

  it('gives whoever comes back within the cool-down the same numbers, but another network number', async () => {
    const before = await numbersOf()
    await cancel()
    later(30 * DAY - 1000)
    const after = await numbersOf()
    expect(after.platform).toBe(before.platform)
    expect(after.network).not.toBe(before.network)
    expect(await rows('number_cool_downs')).toEqual([])
    await cancel()
    expect((await numbersOf()).platform).toBe(before.platform)
  })

  it('gives whoever comes back after it new numbers', async () => {
    const before = await numbersOf()
    await cancel()
    later(30 * DAY)
    expect((await numbersOf()).platform).not.toBe(before.platform)
  })

  it('gives nobody else the numbers of somebody who cancelled', async () => {
    const before = await numbersOf()
    await cancel()
    expect((await numbersOf('stranger')).platform).not.toBe(before.platform)
    expect(await rows('number_cool_downs')).toHaveLength(1)
  })

  it('gives the same numbers to all who enrol the same person again at once', async () => {
    const before = await numbersOf()
    await cancel()
    const clock = () => family.now
    const second = await openIssuer({ dir: family.test.dir, clock })
    const issuers = [family.issuer, second.issuer]
    const blindings = Array.from({ length: 8 }, () => blindFor(SHOP))
    const numbers = await Promise.all(
      blindings.map(async (blinding, at) => {
        const { credentials } = await issuers[at % 2]!.mint({
          citizen: family.person('parent'),
          type: NETWORK_CERTIFICATE,
          copies: 'platform',
          holderJwks: await holderKeys(1),
          blinded: blinding.b,
        })
        return blinding.open(credentials[0]!)
      }),
    )
    expect(new Set(numbers)).toEqual(new Set([before.platform]))
    await second.close()
  })

  it('never leads to two numbers when people cancel and enrol at the same time', async () => {
    const { platform } = await numbersOf()
    const clock = () => family.now
    const second = await openIssuer({ dir: family.test.dir, clock })
    for (let round = 0; round < 6; round += 1) {
      const blindings = [blindFor(SHOP), blindFor(SHOP), blindFor(SHOP)]
      const minting = blindings.map(async (blinding) => {
        const minted = await second.issuer
          .mint({
            citizen: family.person('parent'),
            type: NETWORK_CERTIFICATE,
            copies: 'platform',
            holderJwks: await holderKeys(1),
            blinded: blinding.b,
          })
          // Cancelled between enrolling and planning, or between planning and signing.
          .catch((error: { code?: string }) => error.code)
        return typeof minted === 'object' ? blinding.open(minted.credentials[0]!) : minted
      })
      const cancelling = cancel().catch((error: { code?: string }) => error.code)
      const ended = await Promise.all([...minting, cancelling])
      const known = new Set<unknown>([
        platform,
        'citizen_suspended',
        'citizen_unknown',
        'batch_unknown',
        'batch_not_valid',
      ])
      expect(ended.slice(0, -1).filter((each) => !known.has(each))).toEqual([])
    }
    await second.close()
  })

  it('keeps no row longer than it has to: publishing removes what is over', async () => {
    await numbersOf()
    await cancel()
    const [row] = await rows('number_cool_downs')
    expect(Object.keys(row!).toSorted()).toEqual(['sealed', 'tag', 'until'])
    later(30 * DAY)
    await family.issuer.publish({ out: join(family.folder, 'public') })
    expect(await rows('number_cool_downs')).toEqual([])
  })

  it('keeps nothing where the operator wants no cool-down', async () => {
    const before = await numbersOf()
    const file = join(family.test.dir, 'netcert.json')
    const config = JSON.parse(await readFile(file, 'utf8')) as object
    await writeFile(file, JSON.stringify({ ...config, cooldown_days: 0 }), { mode: 0o600 })
    const clock = () => family.now
    const { issuer, close } = await openIssuer({ dir: family.test.dir, clock })
    const { report } = await issuer.erasure.cancel(family.person('parent'))
    expect(report?.coolDownUntil).toBeNull()
    await close()
    expect(await rows('number_cool_downs', 'persons')).toEqual([])
    expect((await numbersOf()).platform).not.toBe(before.platform)
  })

  it('keeps a tag that nobody can count document numbers through without the master key', async () => {
    await numbersOf()
    await cancel()
    const [row] = await rows('number_cool_downs')
    const plain = createHash('sha256').update('990217198905047852').digest('base64url')
    expect(row!['tag']).not.toBe(plain)
    const { ground, close } = await openIssuerGround({
      dir: family.test.dir,
      clock: () => family.now,
    })
    const store = createCoolDownStore(ground.database)
    expect(await store.get([plain], 0)).toBeUndefined()
    await close()
  })

  it('forgets presence checks, put-off issuances and offers along with the person', async () => {
    await family.mint({})
    await family.issuer.recordPresence({ citizen: family.person('parent'), face: true })
    expect(await rows('presence_checks')).toHaveLength(1)
    await cancel()
    expect(await rows('presence_checks', 'persons')).toEqual([])
  })
})
