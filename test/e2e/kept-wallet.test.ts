import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMasterKey, keyStoreMigrations, openKeyStore, openVault } from '@netcert/agent'
import type { Browser, Page } from 'playwright-core'
import { rolldown } from 'rolldown'
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
import { chromiumState, hasChromium, launchChromium } from '../chromium.js'
import { databasesOn } from '../database-engines.js'
import { type Kept, walkCertificates, walkLedger, walkRecords } from '../kept-wallet-walk.js'

const PAGE = fileURLToPath(new URL('../kept-wallet-page.ts', import.meta.url))
const migrations = [
  ...keyStoreMigrations,
  ...walletMigrations,
  ...issuanceMigrations,
  ...ledgerMigrations,
  ...wardMigrations,
]

describe.skipIf(!hasChromium)(`what a wallet keeps in a browser${chromiumState}`, () => {
  const databases = databasesOn('sqlite')
  let browser: Browser
  let server: Server
  let page: Page
  let folder: string
  let masterKeyFile: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'netcert-kept-'))
    masterKeyFile = join(folder, 'master.key')
    await createMasterKey(masterKeyFile)
    const bundle = await rolldown({
      input: PAGE,
      platform: 'browser',
      resolve: { conditionNames: ['source', 'browser', 'import', 'default'] },
      logLevel: 'silent',
    })
    const { output } = await bundle.generate({ format: 'iife', name: 'kept' })
    server = createServer((request, response) => {
      const isScript = request.url === '/page.js'
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
      response.end(isScript ? output[0].code : '<script src="/page.js"></script>')
    }).listen(0, '127.0.0.1')
    browser = await launchChromium()
    page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  })
  afterAll(async () => {
    await browser?.close()
    server?.close()
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
  const inBrowser = (name: string) =>
    page.evaluate((walk) => (globalThis as never as { kept: Walks }).kept.walkHere(walk), name)
  type Walks = { walkHere: (walk: string) => Promise<unknown> }

  it('goes through the same certificates as one on disk', async () => {
    const report = await walkCertificates(await onDisk())
    expect(report).toMatchObject({
      received: true,
      again: false,
      twice: false,
      used: 1,
      refused: 4,
    })
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
    const report = await page.evaluate(() =>
      (globalThis as never as { kept: { reopen: () => Promise<unknown> } }).kept.reopen(),
    )
    expect(report).toEqual({
      signed: true,
      extractable: false,
      exported: 'InvalidAccessError',
      unsealed: 'what is sealed',
      otherContext: 'refused',
      otherKey: 'refused',
    })
  })
})
