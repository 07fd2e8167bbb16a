import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  createTrust,
  readStatus,
  statusListDigest,
  type Trust,
  withStatusDeltas,
  withStatusLists,
} from '@netcert/credential'
import {
  assertPackFollows,
  type PackEntryType,
  packSourceOf,
  type ReadPack,
  readPack,
  readPackText,
  verifyPackManifest,
} from '@netcert/protocol/offline-pack'
import { describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../../test/database-engines.js'
import { issuerFamily } from '../../../../test/issuer-family.js'
import { inspectCredential } from '@netcert/credential/holder'

describe('an offline pack', () => {
  const family = issuerFamily(databasesOn('sqlite'))
  const out = (name: string) => join(family.folder, name)
  const build = (name: string, since?: number) =>
    family.issuer.packs.build({ out: out(name), ...(since === undefined ? {} : { since }) })
  const open = async (name: string) => {
    const source = packSourceOf(await readFile(out(name)))
    return { source, pack: await readPack(source) }
  }
  const namesOf = ({ entries }: ReadPack, type: PackEntryType) =>
    entries.filter((entry) => entry.type === type).map(({ name }) => name)
  const textsOf = async (name: string, type: PackEntryType) => {
    const { source, pack } = await open(name)
    const entries = pack.entries.filter((entry) => entry.type === type)
    return Promise.all(entries.map((entry) => readPackText(source, entry)))
  }
  const trustFrom = async (name: string): Promise<Trust> => {
    const [trustListToken = ''] = await textsOf(name, 'trust-list')
    const rootDids = [family.test.rootDid]
    const times = { now: family.now, graceSeconds: 0, minimumSequence: 0 }
    const trust = await createTrust({ trustListToken, rootDids, ...times })
    const taken = await withStatusLists(trust, await textsOf(name, 'status-list'), family.now)
    expect(taken.refused).toEqual([])
    return taken.trust
  }
  const revoke = (batch: string, status: 'revoked' | 'suspended' | 'valid' = 'revoked') =>
    family.issuer.certificates.setStatus({ target: { batch }, status, reason: 'unspecified' })
  const nextTick = () => {
    family.now = new Date(family.now.getTime() + 3_600_000)
  }

  it('holds everything a verifier needs, signed by the key listed for packs', async () => {
    const { batch, credentials } = await family.mint({})
    await revoke(batch)
    const built = await build('full.ncpack')
    expect(built).toMatchObject({ sequence: 1, kind: 'full', base: null })
    const { pack } = await open('full.ncpack')
    expect(namesOf(pack, 'status-list')).toEqual(['https://issuer.example/status/1'])
    expect(namesOf(pack, 'type-metadata')).toContain('urn:netcert:network-certificate:1')
    const trust = await trustFrom('full.ncpack')
    const verified = await verifyPackManifest(pack, { issuers: trust.issuers, now: family.now })
    expect(assertPackFollows(verified, null, trust.issuers)).toBe('newer')
    expect(verified.manifest.issuer).toBe(family.test.issuerDid)
    const { issuer, status } = await inspectCredential(credentials[0] ?? '')
    const held = trust.issuers.get(issuer)!.statusLists.get(status!.uri)!
    expect(readStatus(held.list, status!.index)).toBe(1)
    expect((await stat(out('full.ncpack'))).mode & 0o777).toBe(0o644)
  })

  it('gives the very tokens that are published at that tick', async () => {
    await build('full.ncpack')
    await family.issuer.lists.run({ out: out('public'), atTick: true })
    const published = await readFile(join(out('public'), 'status', '1.jwt'), 'utf8')
    expect(await textsOf('full.ncpack', 'status-list')).toEqual([published])
    // The pack lies beside the lists: the same file as on a stick.
    expect(await readFile(join(out('public'), 'packs', 'latest.ncpack'))).toEqual(
      await readFile(out('full.ncpack')),
    )
  })

  it('built since another brings its holder to the state of the full one', async () => {
    const kept = await family.mint({})
    const gone = await family.mint({})
    await revoke(kept.batch, 'suspended')
    await build('1.ncpack')
    nextTick()
    await revoke(kept.batch, 'valid')
    await revoke(gone.batch)
    const built = await build('2.ncpack', 1)
    expect(built).toMatchObject({ sequence: 2, kind: 'delta', base: 1 })
    const { pack } = await open('2.ncpack')
    expect(namesOf(pack, 'status-list')).toEqual([])
    expect(namesOf(pack, 'type-metadata')).toEqual([])
    expect(namesOf(pack, 'status-delta')).toEqual(['https://issuer.example/status/1'])
    const before = await trustFrom('1.ncpack')
    const deltas = await textsOf('2.ncpack', 'status-delta')
    const { trust, refused } = await withStatusDeltas(before, deltas, family.now)
    expect(refused).toEqual([])
    await writeFile(out('full.ncpack'), await readFile(built.kept))
    const full = await trustFrom('full.ncpack')
    const listOf = (one: Trust) =>
      one.issuers.get(family.test.issuerDid)!.statusLists.get('https://issuer.example/status/1')!
    expect(statusListDigest(listOf(trust).list)).toBe(statusListDigest(listOf(full).list))
    const { list: _, ...times } = listOf(full)
    expect(listOf(trust)).toMatchObject(times)
  })

  it('refuses to build on a pack that is not kept, another one, or one that was altered', async () => {
    await build('1.ncpack')
    const before = await readFile(join(family.test.dir, 'packs', '1.ncpack'))
    expect(before.length).toBeGreaterThan(0)
    await expect(build('no.ncpack', 7)).rejects.toMatchObject({ code: 'pack_base_unknown' })
    await writeFile(join(family.test.dir, 'packs', '9.ncpack'), before)
    await expect(build('no.ncpack', 9)).rejects.toMatchObject({ code: 'pack_base_unknown' })
    before[before.length - 1]! ^= 1
    await writeFile(join(family.test.dir, 'packs', '1.ncpack'), before)
    await expect(build('no.ncpack', 1)).rejects.toMatchObject({ code: 'pack_hash' })
    await expect(stat(out('no.ncpack'))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('that fails on the way leaves what was there, and no piece', async () => {
    await build('1.ncpack')
    const before = await readFile(out('1.ncpack'))
    // The lists have to be signed anew, by a key that is there no more.
    await family.issuer.keys.revoke({ alias: 'status-1' })
    nextTick()
    await expect(build('1.ncpack')).rejects.toMatchObject({ code: 'signing_key_none' })
    expect(await readFile(out('1.ncpack'))).toEqual(before)
    expect(await readdir(join(family.test.dir, 'packs'))).toEqual(['1.ncpack'])
  })

  it('is not built with a pack key that verifiers would refuse', async () => {
    await build('1.ncpack')
    await family.issuer.keys.revoke({ alias: 'pack-1' })
    await expect(build('1.ncpack')).rejects.toMatchObject({ code: 'signing_key_none' })
    await family.issuer.keys.next({ use: 'pack' })
    await family.issuer.keys.activate({ use: 'pack', emergency: true })
    expect(await build('2.ncpack')).toMatchObject({ sequence: 3 })
    const { pack } = await open('2.ncpack')
    const trust = await trustFrom('2.ncpack')
    expect(pack.keyId).not.toBe((await open('1.ncpack')).pack.keyId)
    await verifyPackManifest(pack, { issuers: trust.issuers, now: family.now })
    const old = verifyPackManifest((await open('1.ncpack')).pack, {
      ...{ issuers: trust.issuers, now: family.now },
    })
    await expect(old).rejects.toMatchObject({ code: 'pack_revoked_key' })
    // Two years on its window is over, and nobody made another one.
    family.now = new Date('2029-01-01T00:00:00Z')
    await expect(build('3.ncpack')).rejects.toMatchObject({ code: 'pack_unusable' })
    expect(await readdir(join(family.test.dir, 'packs'))).toEqual(['1.ncpack', '3.ncpack'])
  })

  it('leaves nothing behind but the pack and the one that is kept', async () => {
    await build('1.ncpack')
    expect(await readdir(join(family.test.dir, 'packs'))).toEqual(['1.ncpack'])
    expect((await stat(join(family.test.dir, 'packs'))).mode & 0o777).toBe(0o700)
    // A folder cannot be replaced by a file: what fails leaves no piece either.
    await expect(family.issuer.packs.build({ out: family.test.dir })).rejects.toMatchObject({
      code: 'EISDIR',
    })
    expect(
      (await readdir(join(family.test.dir, 'packs'))).filter((n) => n.includes('tmp')),
    ).toEqual([])
  })

  it('is on record, and made without a role', async () => {
    await build('1.ncpack')
    await rm(out('1.ncpack'))
    const said: string[] = []
    for await (const { event, details } of family.issuer.auditLog.entries({})) {
      if (event.startsWith('pack_')) said.push(`${event} ${JSON.parse(details).pack}`)
    }
    expect(said).toEqual(['pack_begun 1', 'pack_built 1'])
  })
})

describe.each(engines)('the number of an offline pack on %s', (engine) => {
  const family = issuerFamily(databasesOn(engine))
  const build = (name: string) =>
    family.issuer.packs.build({ out: join(family.folder, `${name}.ncpack`) })

  it('is given once, of several builds at once, and no pack has an older date than the one before', async () => {
    const built = await Promise.all(['a', 'b', 'c'].map((name) => build(name)))
    expect(new Set(built.map(({ sequence }) => sequence)).size).toBe(3)
    family.now = new Date(family.now.getTime() - 60_000)
    const later = await build('d')
    expect(later.sequence).toBe(4)
    expect(later.issuedAt).toEqual(built[0]!.issuedAt)
  })
})
