import { readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  createTrust,
  generateSigner,
  type PublicJwk,
  readStatus,
  type Trust,
  verifyReceivedCredential,
  withStatusLists,
  withTrustList,
} from '@netcert/credential'
import { describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../test/database-engines.js'
import { issuerFamily } from '../../../test/issuer-family.js'
import { openIssuer, openIssuerGround } from './open.js'

const DAY = 86_400_000
const MODES = ['did:key', 'x5c'] as const
const use = 'credential' as const

const grounds = engines.flatMap((engine) => MODES.map((mode) => [engine, mode] as const))

describe.each(grounds)('the keys of an issuer on %s with %s', (engine, mode) => {
  const family = issuerFamily(databasesOn(engine), mode)
  const out = () => join(family.folder, 'public')
  const read = (name: string) => readFile(join(out(), name), 'utf8')
  const later = (days: number) => {
    family.now = new Date(family.now.getTime() + days * DAY)
  }

  /** What a verifier believes that fetches what is published now, after what it believed before. */
  const refreshed = async (before?: Trust) => {
    await family.issuer.publish({ out: out() })
    const rootDids = [family.test.rootDid]
    const asked = { rootDids, now: family.now, graceSeconds: 0 }
    const trustListToken = await read('trust-list.jwt')
    const trust =
      before === undefined
        ? await createTrust({ ...asked, trustListToken, minimumSequence: 0 })
        : await withTrustList(before, { ...asked, trustListToken })
    const lists = await withStatusLists(trust, [await read('status/1.jwt')], family.now)
    expect(lists.refused).toEqual([])
    return lists.trust
  }
  const minted = async () => {
    const { jwk } = await generateSigner('ES256')
    const { batch, credentials } = await family.mint({ holderJwks: [jwk] })
    return { batch, credential: credentials[0] ?? '', jwk }
  }
  const received = (trust: Trust, { credential, jwk }: { credential: string; jwk: PublicJwk }) =>
    verifyReceivedCredential(trust, credential, { now: family.now, holderJwk: jwk })
  const statusOf = async (trust: Trust, one: { credential: string; jwk: PublicJwk }) => {
    const { issuer, status } = await received(trust, one)
    const held = trust.issuers.get(issuer)?.statusLists.get(status?.uri ?? '')
    return held === undefined ? 'missing' : readStatus(held.list, status?.index ?? -1)
  }
  const states = async () =>
    (await family.issuer.keys.list()).map(({ alias, state }) => `${alias} ${state}`).toSorted()

  it('change without a gap: the old stay good and revocable, the new count from the next trust list', async () => {
    const old = await minted()
    const before = await refreshed()
    await family.issuer.keys.next({ use })
    const known = await refreshed(before)
    later(31)
    const renewed = await minted()
    await family.issuer.keys.activate({ use, emergency: false })
    const young = await minted()
    expect(await states()).toEqual(['issuer-1 retired', 'issuer-2 active', 'status-1 active'])
    // One name before and after, so that accounts at platforms survive.
    const now = await refreshed(known)
    const [{ issuer: named }, { issuer }] = [
      await received(now, renewed),
      await received(now, young),
    ]
    expect(issuer).toBe(named)
    expect(named).toBe(mode === 'x5c' ? 'https://issuer.example' : family.test.issuerDid)
    // Who never saw the new list refuses the new key, and nothing else.
    await expect(received(before, young)).rejects.toMatchObject({ code: 'key_not_of_issuer' })
    await received(known, young)
    const target = { batch: renewed.batch }
    await family.issuer.setStatus({ target, status: 'revoked', reason: 'key_lost' })
    const last = await refreshed(now)
    expect([await statusOf(last, renewed), await statusOf(last, young)]).toEqual([1, 0])
    await expect(received(now, old)).rejects.toMatchObject({ code: 'time_expired' })
  })

  it('are not used before every trust list without them has ended, but in an emergency', async () => {
    const { keys } = family.issuer
    const activate = (emergency: boolean) => keys.activate({ use, emergency })
    await expect(activate(false)).rejects.toMatchObject({ code: 'key_next_missing' })
    await expect(activate(true)).rejects.toMatchObject({ code: 'key_next_missing' })
    await keys.next({ use })
    later(40)
    await expect(activate(false)).rejects.toMatchObject({ code: 'key_published_lately' })
    await refreshed()
    later(29.9)
    await expect(activate(false)).rejects.toMatchObject({ code: 'key_published_lately' })
    await expect(keys.next({ use })).rejects.toMatchObject({ code: 'key_next_exists' })
    later(0.1)
    await activate(false)
    await keys.next({ use })
    await activate(true)
    expect(await states()).toContain('issuer-3 active')
  })

  it('are believed no longer than what they signed, when they are retired', async () => {
    const { keys } = family.issuer
    await keys.next({ use })
    await refreshed()
    later(30)
    const last = await minted()
    await keys.activate({ use, emergency: false })
    await keys.next({ use })
    const retired = (await keys.list()).find(({ state }) => state === 'retired')
    expect(retired?.notAfter).toEqual(new Date(family.now.getTime() + 30 * DAY))
    later(29.9)
    const trust = await refreshed()
    await received(trust, last)
    expect(await statusOf(trust, last)).toBe(0)
  })

  it('are believed no more once one is revoked, and nothing is signed until another is active', async () => {
    const stolen = await minted()
    const before = await refreshed()
    await received(before, stolen)
    const { keys } = family.issuer
    await keys.revoke('issuer-1')
    await expect(minted()).rejects.toMatchObject({ code: 'signing_key_none' })
    const problems = await family.issuer.examine()
    expect(problems.map(({ code }) => code)).toContain('signing_key_none')
    await keys.next({ use })
    await keys.activate({ use, emergency: true })
    const young = await minted()
    const after = await refreshed(before)
    await expect(received(after, stolen)).rejects.toMatchObject({ code: 'key_not_of_issuer' })
    expect((await received(after, young)).issuer).toBe((await received(before, stolen)).issuer)
    await expect(keys.revoke('issuer-1')).rejects.toMatchObject({ code: 'key_revoked' })
    await expect(keys.revoke('issuer-9')).rejects.toMatchObject({ code: 'key_name_unknown' })
    await expect(keys.revoke('registrar-1')).rejects.toMatchObject({ code: 'key_name_unknown' })
  })

  it('go one way, whatever statement tries otherwise', async () => {
    const { keys } = family.issuer
    await keys.next({ use })
    await keys.activate({ use, emergency: true })
    await keys.revoke('issuer-1')
    const { ground, close } = await openIssuerGround({
      dir: family.test.dir,
      clock: () => family.now,
    })
    const row = (alias: string) =>
      ground.database.kysely.updateTable('issuer_keys').where('alias', '=', alias)
    for (const state of ['next', 'active', 'retired']) {
      await expect(row('issuer-1').set({ state }).execute()).rejects.toThrow()
    }
    await expect(row('issuer-2').set({ did: 'did:key:z' }).execute()).rejects.toThrow()
    await expect(row('issuer-2').set({ not_after: 9_999_999_999 }).execute()).rejects.toThrow()
    await expect(ground.database.kysely.deleteFrom('issuer_keys').execute()).rejects.toThrow()
    await close()
  })

  it('of status lists change in the same way, and lists are signed with the new one at once', async () => {
    const { batch, ...one } = await minted()
    const before = await refreshed()
    await family.issuer.keys.next({ use: 'status' })
    const known = await refreshed(before)
    later(30)
    await family.issuer.keys.activate({ use: 'status', emergency: false })
    const fresh = await minted()
    const target = { batch: fresh.batch }
    await family.issuer.setStatus({ target, status: 'revoked', reason: 'key_lost' })
    const after = await refreshed(known)
    expect(await statusOf(after, fresh)).toBe(1)
    // A verifier that does not know the new key keeps what it had.
    const { refused } = await withStatusLists(before, [await read('status/1.jwt')], family.now)
    expect(refused).toHaveLength(1)
    expect([batch, one.credential]).not.toContain('')
  })

  it('tell the operator in good time', async () => {
    const codes = async () =>
      (await family.issuer.examine())
        .map(({ code }) => code)
        .filter((code) => code.startsWith('key_'))
    await refreshed()
    expect(await codes()).toEqual([])
    later(63)
    expect(await codes()).toEqual(['key_next_due', 'key_next_due'])
    await family.issuer.keys.next({ use })
    await family.issuer.keys.next({ use: 'status' })
    await refreshed()
    expect(await codes()).toEqual([])
    later(30)
    expect(await codes()).toEqual(['key_rotation_due', 'key_rotation_due'])
    await family.issuer.keys.activate({ use, emergency: false })
    await family.issuer.keys.activate({ use: 'status', emergency: false })
    expect(await codes()).toEqual([])
  })

  it('can be made again after an interruption, at each step', async () => {
    const { dir } = family.test
    const options = { dir, clock: () => family.now }
    const { ground, close } = await openIssuerGround(options)
    // The key was made, and the process ended.
    const { did } = await ground.keyStore.create({ alias: 'issuer-2', type: 'P-256' })
    await close()
    expect(await states()).toEqual(['issuer-1 active', 'status-1 active'])
    const again = await openIssuer(options)
    expect((await again.issuer.keys.next({ use })).did).toBe(did)
    await again.close()
    await family.issuer.keys.activate({ use, emergency: true })
    await received(await refreshed(), await minted())
  })

  it('are made by one of two processes that rotate at once', async () => {
    const second = await openIssuer({ dir: family.test.dir, clock: () => family.now })
    const both = [family.issuer.keys, second.issuer.keys]
    const outcome = async (step: (keys: (typeof both)[number]) => Promise<unknown>) =>
      (await Promise.allSettled(both.map(step))).filter(({ status }) => status === 'fulfilled')
        .length
    expect(await outcome((keys) => keys.next({ use }))).toBe(1)
    expect(await outcome((keys) => keys.activate({ use, emergency: true }))).toBe(1)
    // The other process signs with the new key, too, without being opened again.
    expect(await states()).toEqual(['issuer-1 retired', 'issuer-2 active', 'status-1 active'])
    await received(await refreshed(), await minted())
    await second.close()
  })

  it('are sealed apart, like the first', async () => {
    const { dir } = family.test
    await family.issuer.keys.next({ use })
    await rename(join(dir, 'secrets/signer.key'), join(dir, 'secrets/away'))
    const { ground, issuer, close } = await openIssuerGround({ dir, clock: () => family.now })
    await expect(ground.keyStore.signer('issuer-2')).rejects.toMatchObject({
      code: 'signer_key_missing',
    })
    const step = issuer.keys.activate({ use, emergency: true })
    await expect(step).rejects.toMatchObject({ code: 'signer_key_missing' })
    await close()
  })

  it.runIf(mode === 'x5c')('need the authority, and no other', async () => {
    const { dir } = family.test
    const file = join(dir, 'secrets/ca.key')
    const away = join(family.folder, 'ca.key')
    await rename(file, away)
    const { keys } = family.issuer
    await expect(keys.next({ use })).rejects.toMatchObject({ code: 'ca_key_needed' })
    const wrong = keys.next({ use, caKeyFile: join(dir, 'secrets/root.key') })
    await expect(wrong).rejects.toMatchObject({ code: 'ca_key_wrong' })
    expect(await states()).toHaveLength(2)
    await keys.next({ use, caKeyFile: away })
    await rm(join(dir, 'issuer-2.pem'))
    await keys.activate({ use, emergency: true })
    await expect(minted()).rejects.toMatchObject({ code: 'certificate_missing' })
  })
})
