import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseJws, readStatus, signatureAlgorithms, type Trust } from '@netcert/credential'
import { inspectCredential } from '@netcert/credential/holder'
import { describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../../test/database-engines.js'
import { publicTrust } from '../../../../test/published-trust.js'
import { issuerFamily } from '../../../../test/issuer-family.js'
import { openIssuer } from '../open.js'

const HOUR = 3_600_000

describe.each(engines)('status lists by ticks on %s', (engine) => {
  const family = issuerFamily(databasesOn(engine))
  const out = () => join(family.folder, 'public')
  const later = (milliseconds: number) => {
    family.now = new Date(family.now.getTime() + milliseconds)
  }
  const token = () => readFile(join(out(), 'status/1.jwt'), 'utf8')
  const atTick = async (issuer = family.issuer) => {
    const { statusLists, failed } = await issuer.lists.run({ out: out(), atTick: true })
    expect(failed).toEqual([])
    return statusLists.filter(({ signed }) => signed).length
  }
  const revoke = (batch: string) =>
    family.issuer.certificates.setStatus({
      target: { batch },
      status: 'revoked',
      reason: 'key_lost',
    })
  const trust = () => publicTrust(out(), { rootDid: family.test.rootDid, now: family.now })
  const statusOf = async (held: Trust, credential: string) => {
    const { issuer, status } = await inspectCredential(credential)
    const list = held.issuers.get(issuer)!.statusLists.get(status!.uri)!
    return readStatus(list.list, status!.index)
  }
  const issuedAt = async () =>
    parseJws(await token(), { algorithms: signatureAlgorithms, maxDepth: 32 }).payload['iat']

  it.each([1, 20])(
    'have exactly one new version for %i revocations, at the tick, by whichever process',
    async (count) => {
      const batches = await Promise.all(Array.from({ length: count }, () => family.mint({})))
      const other = await openIssuer({ dir: family.test.dir, clock: () => family.now })
      expect(await atTick()).toBe(1)
      const before = await token()
      for (const { batch } of batches) {
        await revoke(batch)
        later(HOUR / 30)
      }
      expect([await atTick(), await atTick(other.issuer)]).toEqual([0, 0])
      expect(await token()).toBe(before)
      later(HOUR)
      const runs = [family.issuer, other.issuer, family.issuer, other.issuer]
      const signed = await Promise.all(runs.map((issuer) => atTick(issuer)))
      expect(signed.toSorted((a, b) => a - b)).toEqual([0, 0, 0, 1])
      const tick = await token()
      expect(tick).not.toBe(before)
      expect(await atTick(other.issuer)).toBe(0)
      expect(await token()).toBe(tick)
      const held = await trust()
      for (const { credentials } of batches) expect(await statusOf(held, credentials[0]!)).toBe(1)
      await other.close()
    },
  )

  it('stay as they are at a tick without a change, and are signed again by age alone', async () => {
    await atTick()
    const first = await token()
    for (let hour = 1; hour < 6; hour++) {
      later(HOUR)
      expect(await atTick()).toBe(0)
      expect(await token()).toBe(first)
    }
    later(HOUR)
    expect(await atTick()).toBe(1)
    // Fresh for twelve hours, signed again after six: an outage of six is not seen.
    expect(await issuedAt()).toBe(family.now.getTime() / 1000)
  })

  it('are signed at once when somebody says so, and with a new key at the next tick', async () => {
    const { batch, credentials } = await family.mint({})
    await atTick()
    await revoke(batch)
    await family.issuer.publish({ out: out() })
    expect(await statusOf(await trust(), credentials[0]!)).toBe(1)
    expect(await atTick()).toBe(0)
    await family.issuer.keys.next({ use: 'status' })
    await family.issuer.keys.activate({ use: 'status', emergency: true })
    expect(await atTick()).toBe(0)
    later(HOUR)
    expect(await atTick()).toBe(1)
  })

  it('are not held back by a clock that was ahead, and carry no earlier date', async () => {
    const { batch, credentials } = await family.mint({})
    later(20 * HOUR)
    await atTick()
    const ahead = await issuedAt()
    later(-20 * HOUR)
    await revoke(batch)
    expect(await atTick()).toBe(1)
    expect(await issuedAt()).toBe(ahead)
    expect(await statusOf(await trust(), credentials[0]!)).toBe(1)
  })

  it('never go back in the database, whatever statement tries', async () => {
    await atTick()
    const { openIssuerGround } = await import('../open.js')
    const opened = await openIssuerGround({ dir: family.test.dir, clock: () => family.now })
    const rows = opened.ground.database.kysely.updateTable('published_lists')
    for (const change of [{ version: 0 }, { issued_at: 1 }]) {
      await expect(rows.set(change).execute()).rejects.toMatchObject({
        code: 'constraint_violation',
      })
    }
    await opened.close()
  })
})
