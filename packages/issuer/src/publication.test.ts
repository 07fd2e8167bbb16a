import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  certificateTypes,
  createTrust,
  readStatus,
  statusCount,
  type Trust,
  verifyReceivedCredential,
  verifyTrustList,
  WARD_CERTIFICATE,
  withStatusLists,
} from '@netcert/credential'
import { inspectCredential } from '@netcert/credential/holder'
import { describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../test/database-engines.js'
import { issuerFamily } from '../../../test/issuer-family.js'
import { createRootKey } from './root-key.js'

describe.each(engines)('publishing on %s', (engine) => {
  const family = issuerFamily(databasesOn(engine))

  it('publishes the type metadata byte for byte', async () => {
    const out = join(family.folder, 'public')
    await family.issuer.publish({ out })
    for (const [vct, type] of certificateTypes) {
      const name = vct.split(':')[2]
      const file = join(out, 'types', `${name}.json`)
      expect(await readFile(file, 'utf8')).toBe(type.documentText)
      expect((await stat(file)).mode & 0o777).toBe(0o644)
    }
  })

  it('ends a ward certificate by status when the child is 14', async () => {
    await family.mint({
      citizen: family.person('child'),
      type: WARD_CERTIFICATE,
      guardian: family.person('parent'),
    })
    const out = join(family.folder, 'public')
    expect(await family.issuer.publish({ out })).toMatchObject({ cameOfAge: 0 })
    family.now = new Date('2028-03-02T15:59:00Z')
    const { batch } = await family.mint({
      citizen: family.person('child'),
      type: WARD_CERTIFICATE,
      guardian: family.person('parent'),
    })
    family.now = new Date('2028-03-02T16:00:00Z')
    await expect(family.issuer.publish({ out })).resolves.toMatchObject({ cameOfAge: 1 })
    const target = { batch }
    await expect(
      family.issuer.certificates.setStatus({ target, status: 'valid', reason: 'unspecified' }),
    ).rejects.toMatchObject({ code: 'status_final' })
  })

  const publicTrust = async (out: string): Promise<Trust> => {
    const read = (name: string) => readFile(join(out, name), 'utf8')
    const trust = await createTrust({
      trustListToken: await read('trust-list.jwt'),
      rootDids: [family.test.rootDid],
      now: family.now,
      graceSeconds: 0,
      minimumSequence: 0,
    })
    const taken = await withStatusLists(trust, [await read('status/1.jwt')], family.now)
    expect(taken.refused).toEqual([])
    return taken.trust
  }
  const statusOf = async (trust: Trust, credential: string): Promise<number> => {
    const { issuer, status } = await inspectCredential(credential)
    const list = trust.issuers.get(issuer)!.statusLists.get(status!.uri)!
    return readStatus(list.list, status!.index)
  }
  const outFolder = () => join(family.folder, 'public')

  it('gives verifiers what they need: certificates verify, and statuses read back', async () => {
    const minted = await Promise.all([1, 2, 3].map(() => family.mint({})))
    const [kept, revoked, suspended] = minted
    const reason = 'unspecified'
    await family.issuer.certificates.setStatus({
      target: { batch: revoked!.batch },
      status: 'revoked',
      reason,
    })
    await family.issuer.certificates.setStatus({
      target: { batch: suspended!.batch },
      status: 'suspended',
      reason,
    })
    await family.issuer.publish({ out: outFolder() })
    const trust = await publicTrust(outFolder())
    expect(await statusOf(trust, kept!.credentials[0]!)).toBe(0)
    expect(await statusOf(trust, revoked!.credentials[0]!)).toBe(1)
    expect(await statusOf(trust, suspended!.credentials[0]!)).toBe(2)
    const held = await inspectCredential(kept!.credentials[0]!)
    await expect(
      verifyReceivedCredential(trust, kept!.credentials[0]!, {
        now: family.now,
        holderJwk: held.holderJwk,
      }),
    ).resolves.toMatchObject({ vct: held.vct })
  })

  it('sets no bit but those of batches that are not valid', async () => {
    const batches = await Promise.all(Array.from({ length: 30 }, () => family.mint({})))
    for (const { batch } of batches.slice(0, 7)) {
      await family.issuer.certificates.setStatus({
        target: { batch },
        status: 'revoked',
        reason: 'unspecified',
      })
    }
    await family.issuer.publish({ out: outFolder() })
    const trust = await publicTrust(outFolder())
    const list = [...trust.issuers.values()][0]!.statusLists.get(
      'https://issuer.example/status/1',
    )!.list
    expect(statusCount(list)).toBe(2 ** 20)
    let ones = 0
    for (const byte of list.bytes) ones += byte.toString(2).replaceAll('0', '').length
    expect(ones).toBe(7)
  })

  it('writes the stored trust list again while it holds and no root key is there', async () => {
    const first = await family.issuer.publish({ out: outFolder() })
    expect(first.trustList).toMatchObject({ sequence: 1, signed: false })
    await rm(join(family.test.dir, 'secrets/root.key'))
    family.now = new Date(family.now.getTime() + 29 * 86_400_000)
    const later = await family.issuer.publish({ out: outFolder() })
    expect(later.trustList).toMatchObject({ sequence: 1, signed: false })
  })

  it('signs the next trust list in the second half of its life, or when the key is brought', async () => {
    const own = join(family.test.dir, 'secrets/root.key')
    const offline = join(family.folder, 'root.key')
    family.now = new Date(family.now.getTime() + 16 * 86_400_000)
    const renewed = await family.issuer.publish({ out: outFolder() })
    expect(renewed.trustList).toMatchObject({ sequence: 2, signed: true })
    await rename(own, offline)
    const kept = await family.issuer.publish({ out: outFolder() })
    expect(kept.trustList).toMatchObject({ sequence: 2, signed: false })
    const brought = await family.issuer.publish({ out: outFolder(), rootKeyFile: offline })
    expect(brought.trustList).toMatchObject({ sequence: 3, signed: true })
    const token = await readFile(join(outFolder(), 'trust-list.jwt'), 'utf8')
    const list = await verifyTrustList({
      token,
      rootDids: [family.test.rootDid],
      now: family.now,
      graceSeconds: 0,
      minimumSequence: 3,
    })
    expect(list.sequence).toBe(3)
  })

  it('asks for the root key when the trust list has expired, but publishes revocations first', async () => {
    const { batch, credentials } = await family.mint({})
    await family.issuer.publish({ out: outFolder() })
    const before = await publicTrust(outFolder())
    await family.issuer.certificates.setStatus({
      target: { batch },
      status: 'revoked',
      reason: 'key_lost',
    })
    await rm(join(family.test.dir, 'secrets/root.key'))
    family.now = new Date(family.now.getTime() + 30 * 86_400_000)
    await expect(family.issuer.publish({ out: outFolder() })).rejects.toMatchObject({
      code: 'root_key_needed',
    })
    const token = await readFile(join(outFolder(), 'status/1.jwt'), 'utf8')
    const { trust } = await withStatusLists(before, [token], family.now)
    expect(await statusOf(trust, credentials[0]!)).toBe(1)
  })

  it('refuses a root key that is not the pinned one, is missing, or is no key', async () => {
    const foreign = join(family.folder, 'foreign.key')
    const publish = () => family.issuer.publish({ out: outFolder(), rootKeyFile: foreign })
    await expect(publish()).rejects.toMatchObject({ code: 'root_key_needed' })
    await createRootKey(foreign, 'ES256')
    await expect(publish()).rejects.toMatchObject({ code: 'root_key_wrong' })
    await writeFile(foreign, 'not a key')
    await expect(publish()).rejects.toMatchObject({ code: 'root_key_malformed' })
  })

  it('leaves no temporary file, and readable files whatever the umask', async () => {
    const before = process.umask(0o077)
    await family.issuer.publish({ out: outFolder() }).finally(() => process.umask(before))
    await family.issuer.publish({ out: outFolder() })
    for (const name of ['.', 'status', 'types']) {
      expect((await stat(join(outFolder(), name))).mode & 0o777).toBe(0o755)
    }
    const names = await readdir(outFolder(), { recursive: true })
    expect(names.filter((name) => name.endsWith('.tmp'))).toEqual([])
    for (const name of ['trust-list.jwt', 'status/1.jwt']) {
      expect((await stat(join(outFolder(), name))).mode & 0o777).toBe(0o644)
    }
  })

  it('never puts an older list over a newer one when many publish and revoke at once', async () => {
    const batches = await Promise.all(Array.from({ length: 10 }, () => family.mint({})))
    await Promise.all(
      batches.map(async ({ batch }) => {
        await family.issuer.certificates.setStatus({
          target: { batch },
          status: 'revoked',
          reason: 'unspecified',
        })
        await family.issuer.publish({ out: outFolder() }).catch((error: unknown) => {
          expect(error).toMatchObject({ code: 'publish_busy' })
        })
      }),
    )
    await family.issuer.publish({ out: outFolder() })
    const trust = await publicTrust(outFolder())
    for (const { credentials } of batches) expect(await statusOf(trust, credentials[0]!)).toBe(1)
  })

  it('dates a list no earlier than the one before, even when the clock was set back', async () => {
    const { batch, credentials } = await family.mint({})
    await family.issuer.publish({ out: outFolder() })
    const before = await publicTrust(outFolder())
    await family.issuer.certificates.setStatus({
      target: { batch },
      status: 'revoked',
      reason: 'key_lost',
    })
    const noon = family.now
    family.now = new Date(noon.getTime() - 3_600_000)
    await family.issuer.publish({ out: outFolder() })
    const token = await readFile(join(outFolder(), 'status/1.jwt'), 'utf8')
    const { trust, refused } = await withStatusLists(before, [token], noon)
    expect(refused).toEqual([])
    expect(await statusOf(trust, credentials[0]!)).toBe(1)
  })
})
