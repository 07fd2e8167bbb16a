import { join } from 'node:path'
import { keyStoreMigrations, openDatabase, openKeyStore, openVault } from '@netcert/agent'
import { afterEach, describe, expect, it } from 'vitest'
import { later } from '../../../test/trust-domain.js'
import { vciGround } from '../../../test/vci-wallet-ground.js'
import { keysOnDisk } from '../../../test/wallet-on-disk.js'
import { DatabaseIssuanceStore, issuanceMigrations } from './issuance-store.js'
import { ledgerMigrations } from './ledger-store.js'
import { createPutOff, type PutOffSource } from './put-off.js'
import { type WalletTables, walletMigrations, wardMigrations } from './store.js'

const vci = vciGround()
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** The records of the wallet in its folder, as another process of it has them. */
async function recordsOf(): Promise<PutOffSource> {
  const dir = join(vci.ground.folder, 'wallet')
  const vault = await openVault({ masterKeyFile: join(dir, 'secrets', 'master.key') })
  const database = await openDatabase<WalletTables>({
    location: { sqlite: join(dir, 'wallet.sqlite') },
    migrations: [
      ...[...keyStoreMigrations, ...walletMigrations, ...issuanceMigrations],
      ...[...ledgerMigrations, ...wardMigrations],
    ],
    create: false,
  })
  closing.push(() => database.close())
  const issuanceStore = new DatabaseIssuanceStore(database)
  const keyStore = await openKeyStore({ database, vault })
  return { issuanceStore, keyStore, vault, clock: () => vci.ground.now }
}

async function waiting() {
  vci.issuer.behaviour.deferrals = 1
  const wallet = await vci.open()
  await vci.receive(wallet, { batch: 2 })
  const source = await recordsOf()
  return { wallet, source, putOff: createPutOff(source) }
}
const polls = () => vci.issuer.pathsAsked().filter((path) => path === '/tenant/deferred').length

describe('what an issuer put off', () => {
  it('is listed with when it is asked for again, and is gone once it came', async () => {
    const { wallet, putOff } = await waiting()
    expect(await putOff.list()).toMatchObject([
      { configurationId: 'certificate', ward: null, retryAt: later(5), isFirst: true },
    ])
    vci.ground.now = later(5)
    await wallet.pollDeferred()
    expect(await putOff.list()).toEqual([])
    expect(await wallet.list()).toHaveLength(1)
  })

  it('is not asked for any more when nobody waits, and leaves no key and no grant', async () => {
    const { wallet, source, putOff } = await waiting()
    const [one] = await putOff.list()
    expect(await putOff.stopWaiting(one!.id)).toBe(true)
    expect(await putOff.list()).toEqual([])
    expect(await source.issuanceStore.list('grant')).toEqual([])
    vci.ground.now = later(40 * 86_400)
    expect([await wallet.pollDeferred(), await wallet.refill()]).toEqual([[], []])
    expect(polls()).toBe(0)
    // Somebody was faster, or the page was open twice.
    expect(await putOff.stopWaiting(one!.id)).toBe(true)
    await vci.ground.closeAll()
    expect(await keysOnDisk(join(vci.ground.folder, 'wallet'))).toEqual([])
  })

  it('is still waited for while another caller asks for it this moment', async () => {
    const { wallet, source, putOff } = await waiting()
    const [one] = await putOff.list()
    const [grant] = await source.issuanceStore.list('grant')
    const now = later(0).getTime() / 1000
    await source.issuanceStore.lease(grant!.id, now, now + 60)
    expect(await putOff.stopWaiting(one!.id)).toBe(false)
    expect(await putOff.list()).toHaveLength(1)
    await source.issuanceStore.release(grant!.id, null)
    vci.ground.now = later(5)
    expect(await wallet.pollDeferred()).toMatchObject([{ kind: 'received' }])
  })

  it('is no first one where it replaces what is held, and that goes on being refilled', async () => {
    const wallet = await vci.open()
    await vci.receive(wallet, { batch: 2 })
    vci.issuer.behaviour.deferrals = 1
    vci.ground.now = later(20 * 86_400)
    expect(await wallet.refill()).toMatchObject([{ kind: 'deferred' }])
    const source = await recordsOf()
    const putOff = createPutOff(source)
    const [one] = await putOff.list()
    expect(one).toMatchObject({ isFirst: false })
    await putOff.stopWaiting(one!.id)
    expect(await source.issuanceStore.list('grant')).toHaveLength(1)
  })
})
