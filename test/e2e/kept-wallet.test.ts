import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMasterKey, keyStoreMigrations, openKeyStore, openVault } from '@netcert/agent'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  DatabaseIssuanceStore,
  issuanceMigrations,
} from '../../packages/wallet/src/issuance-store.js'
import { DatabaseLedgerStore, ledgerMigrations } from '../../packages/wallet/src/ledger-store.js'
import { DatabasePlatformCopyStore } from '../../packages/wallet/src/platform-copy-store.js'
import {
  DatabaseWalletStore,
  type WalletTables,
  walletMigrations,
  wardMigrations,
} from '../../packages/wallet/src/store.js'
import { type BrowserModule, openBrowserModule } from '../browser-module.js'
import { chromiumState, hasChromium } from '../chromium.js'
import { databasesOn } from '../database-engines.js'
import { type Kept, walkCertificates, walkLedger, walkRecords } from '../kept-wallet-walk.js'

const migrations = [
  ...keyStoreMigrations,
  ...walletMigrations,
  ...issuanceMigrations,
  ...ledgerMigrations,
  ...wardMigrations,
]

describe.skipIf(!hasChromium)(`what a wallet keeps in a browser${chromiumState}`, () => {
  const databases = databasesOn('sqlite')
  let browser: BrowserModule
  let folder: string
  let masterKeyFile: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'netcert-kept-'))
    masterKeyFile = join(folder, 'master.key')
    await createMasterKey(masterKeyFile)
    browser = await openBrowserModule('kept-wallet-page.ts')
  })
  afterAll(async () => {
    await browser?.close()
    await rm(folder, { recursive: true, force: true })
  })

  async function onDisk(): Promise<Kept> {
    const location = await databases.location()
    const database = await databases.open<WalletTables>({ location, migrations, create: true })
    return {
      store: new DatabaseWalletStore(database),
      platformCopies: new DatabasePlatformCopyStore(database),
      issuanceStore: new DatabaseIssuanceStore(database),
      ledgerStore: new DatabaseLedgerStore(database),
      keyStore: await openKeyStore({ database, vault: await openVault({ masterKeyFile }) }),
    }
  }
  const inBrowser = (walk: string) => browser.call('walkHere', walk)

  it('goes through the same certificates as one on disk', async () => {
    const report = await walkCertificates(await onDisk())
    expect(report).toMatchObject({
      received: true,
      again: false,
      twice: false,
      used: 1,
      refused: 4,
    })
    expect(report['discarded']).toEqual([2, 1])
    expect(report).toMatchObject({ ownPlatform: true, otherPlatform: false, aliasOfUsed: 'gone' })
    expect(await inBrowser('certificates')).toEqual(report)
  })

  it('goes through the same records as one on disk', async () => {
    const report = await walkRecords(await onDisk())
    expect(report).toMatchObject({ leased: 1, removed: 1, reserved: 1, floor: 9 })
    expect(await inBrowser('records')).toEqual(report)
  })

  it('goes through the same ledger as one on disk, without a gap', async () => {
    const report = await walkLedger(await onDisk())
    expect(report.positions).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    expect(await inBrowser('ledger')).toEqual(report)
  })

  it('opens again as it was closed, and gives no key away', async () => {
    const report = await browser.call('reopen')
    expect(report).toEqual({
      signed: true,
      signedByHandle: true,
      missing: ['key_unknown', 'key_unknown'],
      extractable: false,
      exported: 'InvalidAccessError',
      unsealed: 'what is sealed',
      otherContext: 'refused',
      otherKey: 'refused',
    })
  })
})
