import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTrust, withStatusDeltas, withStatusLists } from '@netcert/credential'
import {
  packSourceOf,
  readPack,
  readPackText,
  verifyPackManifest,
} from '@netcert/protocol/offline-pack'
import { describe, expect, it } from 'vitest'
import { databasesOn } from '../../../../test/database-engines.js'
import { issuerFamily } from '../../../../test/issuer-family.js'

describe('an offline pack of an issuer that is found by certificate', () => {
  const family = issuerFamily(databasesOn('sqlite'), 'x5c')
  const build = async (name: string, since?: number) => {
    const out = join(family.folder, name)
    await family.issuer.packs.build({ out, ...(since === undefined ? {} : { since }) })
    const source = packSourceOf(await readFile(out))
    const pack = await readPack(source)
    const textOf = async (type: string) =>
      readPackText(source, pack.entries.find((entry) => entry.type === type)!)
    return { pack, textOf }
  }

  it('names the issuer by its address and the pack key by its kid, and its lists change by deltas', async () => {
    const { batch } = await family.mint({})
    const first = await build('1.ncpack')
    const trust = await createTrust({
      trustListToken: await first.textOf('trust-list'),
      ...{ rootDids: [family.test.rootDid], now: family.now, graceSeconds: 0, minimumSequence: 0 },
    })
    const by = { issuers: trust.issuers, now: family.now }
    expect((await verifyPackManifest(first.pack, by)).manifest.issuer).toBe(
      'https://issuer.example',
    )
    const lists = await withStatusLists(trust, [await first.textOf('status-list')], family.now)
    family.now = new Date(family.now.getTime() + 3_600_000)
    const target = { batch }
    await family.issuer.certificates.setStatus({ target, status: 'revoked', reason: 'key_lost' })
    const second = await build('2.ncpack', 1)
    const changes = [await second.textOf('status-delta')]
    const { trust: after, refused } = await withStatusDeltas(lists.trust, changes, family.now)
    expect([...lists.refused, ...refused]).toEqual([])
    const [held] = [...after.issuers.get('https://issuer.example')!.statusLists.values()]
    expect(held?.list.bytes.filter((byte) => byte !== 0)).toHaveLength(1)
  })
})
