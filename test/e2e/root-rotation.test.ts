import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { NETWORK_CERTIFICATE } from '@netcert/credential'
import { createRootKey } from '../../packages/issuer/src/root-key.js'
import { readPublishedLists } from '@netcert/verifier/published-lists'
import { openWallet, readRootPin } from '@netcert/wallet'
import { describe, expect, it } from 'vitest'
import { databasesOn } from '../database-engines.js'
import { issuerFamily } from '../issuer-family.js'

const DAY = 86_400_000

describe('a change of the root', () => {
  const family = issuerFamily(databasesOn('sqlite'))
  const out = () => join(family.folder, 'public')
  const later = (days: number) => {
    family.now = new Date(family.now.getTime() + days * DAY)
  }
  const publish = (rootKeyFile?: string) =>
    family.issuer.publish({ out: out(), ...(rootKeyFile === undefined ? {} : { rootKeyFile }) })
  const oldKey = () => join(family.test.dir, 'secrets/root.key')
  const newKey = () => join(family.test.dir, 'secrets/root-2.key')

  /** Each call is a restart: what it knows, it finds in its file. */
  const verifier = (name: string) => async () => {
    const { trust } = await readPublishedLists({
      rootDid: family.test.rootDid,
      listsDir: out(),
      now: family.now,
      stateFile: join(family.folder, `${name}.json`),
    })
    return trust.trustList.rootDid
  }
  /** Receives a certificate as a wallet of its own process. */
  const wallet = (name: string) => async () => {
    const { wallet: opened, close } = await openWallet({
      dir: join(family.folder, name),
      clock: () => family.now,
      create: true,
      rootDid: (await readRootPin(join(family.folder, name)))?.root ?? family.test.rootDid,
      listsDir: out(),
    })
    try {
      const [jwk] = await opened.createHolderKeys(1)
      const { credentials } = await family.issuer.mint({
        citizen: family.person('parent'),
        type: NETWORK_CERTIFICATE,
        copies: 'platform',
        holderJwks: [jwk!],
      })
      await opened.receive({ credentials, kind: 'platform' })
      return (await readRootPin(join(family.folder, name)))?.root
    } finally {
      await close()
    }
  }
  /** The old root signs one more list, as whoever stole or kept its key would. */
  const signedByOldRoot = async () => {
    const token = await readFile(join(out(), 'trust-list.jwt'), 'utf8')
    return { token, put: () => writeFile(join(out(), 'trust-list.jwt'), token) }
  }

  it('is followed by whoever saw it announced, and the old root is nobody to them', async () => {
    await publish()
    const [looks, receives] = [verifier('steady'), wallet('steady')]
    expect([await looks(), await receives()]).toEqual(Array(2).fill(family.test.rootDid))
    const next = await family.issuer.keys.root.next({})
    expect(next).toMatchObject({ alias: 'root-2', state: 'next', keyFile: newKey() })
    await publish()
    expect([await looks(), await receives()]).toEqual(Array(2).fill(family.test.rootDid))
    later(40)
    await publish()
    const old = await signedByOldRoot()
    later(20)
    await family.issuer.keys.root.activate({ emergency: false })
    expect((await readFile(join(family.test.dir, 'root.did'), 'utf8')).trim()).toBe(next.did)
    // No list of the old root will do any more, and nobody publishes one.
    await rename(newKey(), join(family.folder, 'away.key'))
    await expect(publish()).rejects.toMatchObject({ code: 'root_key_needed' })
    await expect(publish(oldKey())).rejects.toMatchObject({ code: 'root_key_wrong' })
    await publish(join(family.folder, 'away.key'))
    expect([await looks(), await receives()]).toEqual(Array(2).fill(next.did))
    await old.put()
    await expect(looks()).rejects.toMatchObject({ code: 'trust_list_untrusted' })
    await expect(receives()).rejects.toMatchObject({ code: 'trust_list_untrusted' })
  })

  it('is refused as a jump by whoever missed the announcement, until they bring the new pin', async () => {
    await publish()
    const [looks, receives] = [verifier('asleep'), wallet('asleep')]
    await looks()
    await receives()
    await family.issuer.keys.root.next({})
    await family.issuer.keys.root.activate({ emergency: true })
    await publish()
    await expect(looks()).rejects.toMatchObject({ code: 'trust_list_untrusted' })
    await expect(receives()).rejects.toMatchObject({ code: 'trust_list_untrusted' })
    const root = (await readFile(join(family.test.dir, 'root.did'), 'utf8')).trim()
    const brought = { rootDid: root, listsDir: out(), now: family.now }
    const stateFile = join(family.folder, 'asleep.json')
    const { trust } = await readPublishedLists({ ...brought, stateFile })
    expect(trust.trustList.rootDid).toBe(root)
  })

  it('keeps certificates, lists and accreditations of before good', async () => {
    await publish()
    const receives = wallet('old')
    await receives()
    await family.issuer.keys.root.next({})
    await publish()
    await receives()
    await family.issuer.keys.root.activate({ emergency: true })
    await publish()
    const { trust, refused } = await readPublishedLists({
      rootDid: (await readFile(join(family.test.dir, 'root.did'), 'utf8')).trim(),
      listsDir: out(),
      now: family.now,
    })
    expect(refused).toEqual([])
    expect(trust.issuers.get(family.test.issuerDid)?.statusLists.size).toBe(1)
    expect(await receives()).toBe(trust.trustList.rootDid)
  })

  it('waits until the announcement was out long enough, and wants the key that was announced', async () => {
    const { root } = family.issuer.keys
    await expect(root.activate({ emergency: true })).rejects.toMatchObject({
      code: 'next_key_missing',
    })
    await root.next({})
    await expect(root.next({})).rejects.toMatchObject({ code: 'next_key_exists' })
    await expect(root.activate({ emergency: false })).rejects.toMatchObject({
      code: 'next_key_early',
    })
    await publish()
    later(59.9)
    await expect(root.activate({ emergency: false })).rejects.toMatchObject({
      code: 'next_key_early',
    })
    later(0.1)
    const other = join(family.folder, 'other.key')
    await createRootKey(other, 'ES256')
    const activate = (keyFile?: string) =>
      root.activate({ emergency: false, ...(keyFile === undefined ? {} : { keyFile }) })
    await expect(activate(other)).rejects.toMatchObject({ code: 'root_key_wrong' })
    await expect(activate(join(family.folder, 'none'))).rejects.toMatchObject({
      code: 'root_key_needed',
    })
    await activate()
    expect((await family.issuer.keys.list()).filter(({ use }) => use === 'root')).toMatchObject([
      { alias: 'root-1', state: 'retired' },
      { alias: 'root-2', state: 'active' },
    ])
  })

  it('can be called off while it is only announced, and never takes the old key for a new one', async () => {
    const { keys } = family.issuer
    await publish()
    await expect(keys.root.next({ keyFile: oldKey() })).rejects.toMatchObject({
      code: 'root_key_wrong',
    })
    await keys.root.next({})
    await publish()
    const looks = verifier('careful')
    await looks()
    await keys.revoke({ alias: 'root-2' })
    await expect(keys.revoke({ alias: 'root-1' })).rejects.toMatchObject({
      code: 'root_not_revocable',
    })
    await publish()
    expect(await looks()).toBe(family.test.rootDid)
    const state = JSON.parse(await readFile(join(family.folder, 'careful.json'), 'utf8')) as object
    expect(state).toMatchObject({ root_pin: { root: family.test.rootDid, next: null } })
    await rm(newKey())
    expect(await keys.root.next({})).toMatchObject({ alias: 'root-3' })
  })
})
