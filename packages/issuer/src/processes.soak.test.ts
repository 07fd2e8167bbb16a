import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTrust, readStatus, withStatusLists } from '@netcert/credential'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildChildProgram, runChildProgram } from '../../../test/child-program.js'
import { databasesOn, engines } from '../../../test/database-engines.js'
import { issuerFamily } from '../../../test/issuer-family.js'

type Delivered = { readonly batch: string; readonly uri: string; readonly index: number }

function readDelivered(lines: readonly string[]): Delivered[] {
  return lines.map((line) => {
    const [batch, uri, index] = line.split(' ')
    return { batch: batch!, uri: uri!, index: Number(index) }
  })
}

describe.each(engines)('processes that mint on one database, %s', (engine) => {
  const family = issuerFamily(databasesOn(engine))
  let program = ''

  beforeAll(async () => {
    program = await buildChildProgram('test/issuer-mint-program.ts')
  })

  const start = (count: number) =>
    runChildProgram(program, [family.test.dir, String(count), family.person('parent')])

  it('never give a status index twice', async () => {
    const children = [start(150), start(150)]
    expect(await Promise.all(children.map(({ ended }) => ended))).toEqual([0, 0])
    const own = await Promise.all(Array.from({ length: 20 }, () => family.mint({})))
    const delivered = children.flatMap(({ lines }) => readDelivered(lines))
    expect(delivered).toHaveLength(300)
    const places = new Set(delivered.map(({ uri, index }) => `${uri}#${index}`))
    expect(places.size).toBe(300)
    expect(new Set([...delivered, ...own].map(({ batch }) => batch)).size).toBe(320)
  })

  it('can be killed at any moment: what was delivered can be revoked, and no index comes twice', async () => {
    const delivered: Delivered[] = []
    for (let trial = 0; trial < 6; trial++) {
      const { child, lines, ended } = start(1000)
      // Every other time at the very moment the first certificate arrives.
      if (trial % 2 === 0) child.stdout!.once('data', () => child.kill('SIGKILL'))
      else setTimeout(() => child.kill('SIGKILL'), 300 + 60 * trial)
      expect(await ended).toBe('SIGKILL')
      delivered.push(...readDelivered(lines))
    }
    expect(delivered.length).toBeGreaterThan(2)
    expect(new Set(delivered.map(({ uri, index }) => `${uri}#${index}`)).size).toBe(
      delivered.length,
    )
    for (const { batch } of delivered) {
      const report = await family.issuer.certificates.setStatus({
        target: { batch },
        status: 'revoked',
        reason: 'key_lost',
      })
      expect(report).toMatchObject({ changed: 1 })
    }
    const bits = await publishedBits(delivered)
    expect(bits.every((bit) => bit === 1)).toBe(true)
  })

  async function publishedBits(delivered: readonly Delivered[]): Promise<number[]> {
    const out = join(family.folder, 'public')
    await family.issuer.publish({ out })
    const read = (name: string) => readFile(join(out, name), 'utf8')
    const trust = await createTrust({
      trustListToken: await read('trust-list.jwt'),
      rootDids: [family.test.rootDid],
      now: family.now,
      graceSeconds: 0,
      minimumSequence: 0,
    })
    const taken = await withStatusLists(trust, [await read('status/1.jwt')], family.now)
    const lists = taken.trust.issuers.get(family.test.issuerDid)!.statusLists
    return delivered.map(({ uri, index }) => readStatus(lists.get(uri)!.list, index))
  }
})
