import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTrustDomain, later, type TrustDomain, testNow } from '../../../test/trust-domain.js'
import { readConfig } from './config.js'
import { openWallet } from './open.js'

const clock = () => testNow
const refusal = (code: string) => expect.objectContaining({ code })

let folder: string
let dir: string
let domain: TrustDomain

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcert-wallet-'))
  dir = join(folder, 'wallet')
  domain = await createTrustDomain()
})
afterEach(() => rm(folder, { recursive: true }))

describe('opening a wallet', () => {
  it('refuses a missing one, and makes one only where asked', async () => {
    await expect(openWallet({ dir, clock, create: false })).rejects.toThrow(
      refusal('wallet_missing'),
    )
    const { wallet, close } = await openWallet({ dir, clock, create: true })
    expect(await wallet.list()).toEqual([])
    await close()
    const again = await openWallet({ dir, clock, create: false })
    await again.close()
  })

  it('lets nobody else read its files', async () => {
    const { close } = await openWallet({ dir, clock, create: true, rootDid: domain.rootDid })
    for (const name of ['wallet.sqlite', 'secrets/master.key', 'root.did']) {
      expect((await stat(join(dir, name))).mode & 0o077).toBe(0)
    }
    await close()
    await chmod(join(dir, 'secrets/master.key'), 0o644)
    await expect(openWallet({ dir, clock, create: false })).rejects.toThrow(
      refusal('master_key_exposed'),
    )
  })

  it('refuses a wallet without its master key instead of making a new one', async () => {
    await (await openWallet({ dir, clock, create: true })).close()
    await rm(join(dir, 'secrets/master.key'))
    await expect(openWallet({ dir, clock, create: true })).rejects.toThrow(
      refusal('master_key_missing'),
    )
  })

  it('pins its root once', async () => {
    const { rootDid } = domain
    await (await openWallet({ dir, clock, create: true, rootDid })).close()
    expect(await readFile(join(dir, 'root.did'), 'utf8')).toBe(`${rootDid}\n`)
    await (await openWallet({ dir, clock, create: false, rootDid })).close()
    const other = (await createTrustDomain()).rootDid
    await expect(openWallet({ dir, clock, create: false, rootDid: other })).rejects.toThrow(
      refusal('root_differs'),
    )
  })

  it('receives with the published lists of its root, and not without', async () => {
    const listsDir = join(folder, 'lists')
    const { rootDid } = domain
    const { wallet, close } = await openWallet({ dir, clock, create: true, rootDid, listsDir })
    const [jwk] = await wallet.createHolderKeys(1)
    const received = { credentials: [await domain.mint({ jwk: jwk! })], kind: 'one-time' } as const
    await expect(wallet.receive(received)).rejects.toThrow(refusal('trust_missing'))
    const stranger = await createTrustDomain()
    await stranger.publish(listsDir)
    await expect(wallet.receive(received)).rejects.toThrow(refusal('trust_list_untrusted'))
    await domain.publish(listsDir)
    await wallet.receive(received)
    expect(await wallet.list()).toHaveLength(1)
    await close()
    const late = { dir, clock: () => later(31 * 86_400), create: false, listsDir }
    const expired = await openWallet(late)
    await expect(expired.wallet.receive(received)).rejects.toThrow(refusal('trust_list_expired'))
    await expired.close()
  })
})

describe('readConfig', () => {
  it('reads what the manual describes and names every problem at once', async () => {
    expect(readConfig({ NETCERT_WALLET_DIR: dir })).toEqual({ dir, listsDir: null, rootDid: null })
    expect(() => readConfig({ NETCERT_WALLET_ROOT_DID: 'did:web:x' })).toThrow(
      /NETCERT_WALLET_DIR.*NETCERT_WALLET_ROOT_DID/,
    )
    const manual = await readFile(new URL('../../../docs/operations.md', import.meta.url), 'utf8')
    const source = await readFile(new URL('./config.ts', import.meta.url), 'utf8')
    const described = new Set(manual.match(/NETCERT_WALLET_[A-Z_]+/g))
    expect([...described].toSorted()).toEqual([
      ...new Set(source.match(/NETCERT_[A-Z_]+/g)?.toSorted()),
    ])
  })
})
