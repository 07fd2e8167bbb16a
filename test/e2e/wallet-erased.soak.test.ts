import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { databaseBytes, namesFoundIn, type Secrets } from '../bytes-on-disk.js'
import { chromiumProcess, chromiumState, hasChromium } from '../chromium.js'
import {
  deviceOn,
  startWalletPageGround,
  type WalletDevice,
  type WalletPageGround,
} from '../wallet-page-ground.js'
import { ask, offerTo } from './wire-ground.js'

const WRONG = '918273'
/** Bytes of the databases of a wallet with ten copies, and of one that was never set up. */
const [A_WALLET, AN_EMPTY_ONE] = [50_000, 10_000]

describe.skipIf(!hasChromium)(
  `a wallet that was erased${chromiumState}`,
  { timeout: 180_000 },
  () => {
    let ground: WalletPageGround
    let profile: string
    let context: BrowserContext
    let phone: WalletDevice
    let secrets: Secrets
    const complaints: string[] = []
    beforeAll(async () => {
      ground = await startWalletPageGround()
    })
    afterAll(() => ground?.close())

    beforeEach(async () => {
      profile = mkdtempSync(join(tmpdir(), 'netcert-profile-'))
      context = await chromium.launchPersistentContext(profile, {
        ...{ executablePath: chromiumProcess.path, args: [...chromiumProcess.arguments] },
        viewport: { width: 390, height: 844 },
      })
      const page = await context.newPage()
      context.on('weberror', (error) => complaints.push(String(error.error())))
      await page.goto(ground.url)
      phone = deviceOn({ context, page, url: ground.url, asked: [], complaints })
    })
    afterEach(async () => {
      await context.close()
      rmSync(profile, { recursive: true, force: true })
    })

    /** Fills a wallet, shows a copy, and notes what is to be found nowhere later. */
    async function fill(): Promise<void> {
      await phone.setUp()
      await phone.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
      expect(await phone.receive(await offerTo(ground.wire))).toBe('received')
      expect(await phone.present((await ask(ground.wire)).request_uri)).toBe('presented')
      secrets = await readSecrets(phone.page)
      expect(found()).not.toEqual([])
      expect(databaseBytes(profile)).toBeGreaterThan(A_WALLET)
    }

    /** Which secrets stand in any file of the browser's profile. */
    const found = () => namesFoundIn(profile, secrets)

    async function expectNothingLeft(): Promise<void> {
      await context.close()
      expect(found()).toEqual([])
      // What was written long ago lies there compressed, so that nothing is found in it.
      expect(databaseBytes(profile)).toBeLessThan(AN_EMPTY_ONE)
    }

    async function erase(): Promise<void> {
      await phone.go('safety', { part: 'erase' })
      await phone.at('erase').click()
      await phone.at('erase-yes').click()
    }

    it('leaves not one byte on the disk, and the page begins anew', async () => {
      await fill()
      await erase()
      await phone.at('set-up-screen').waitFor()
      await expectNothingLeft()
    })

    it('begins anew with another wallet, which is kept without a network as before', async () => {
      await fill()
      await erase()
      await phone.at('set-up-screen').waitFor()
      await phone.setUp()
      expect(await phone.receive(await offerTo(ground.wire))).toBe('received')
      await phone.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
      await context.setOffline(true)
      await phone.page.reload()
      await phone.unlock()
      expect(await phone.left()).toEqual(['10'])
      expect(found()).toEqual([])
    })

    it('leaves not one byte on the disk after too many wrong PINs', async () => {
      await fill()
      await chooseToWipe(phone.page)
      await phone.at('lock').click()
      await phone.at('lock-screen').waitFor()
      for (let tries = 0; tries < 3; tries += 1) {
        await phone.at('pin').fill(WRONG)
        await phone.at('open-pin').click()
        await phone.page
          .locator('[data-testid=refusal][data-code=pin_wrong], [data-testid=wiped]')
          .first()
          .waitFor()
        if (tries < 2) await phone.page.locator('[data-testid=pin]').waitFor()
      }
      await phone.at('wiped').waitFor()
      expect(await phone.at('refusal').getAttribute('data-code')).toBe('wiped')
      expect(found()).toEqual([])
      await phone.at('reopen').click()
      await phone.at('set-up-screen').waitFor()
      await expectNothingLeft()
    })

    it('says what is left without a network, opens no more, and goes whole with the next one', async () => {
      await fill()
      await context.setOffline(true)
      await erase()
      await phone.at('erased-offline').waitFor()
      await phone.page.reload()
      await phone.at('erased-offline').waitFor()
      expect(found()).not.toEqual([])
      await context.setOffline(false)
      await phone.at('erase-again').click()
      await phone.at('set-up-screen').waitFor()
      await expectNothingLeft()
    })

    it('says so where whoever serves the page does not send the header, and the bytes stay', async () => {
      await fill()
      await context.route('**/erased', (route) => route.fulfill({ status: 404 }))
      await erase()
      await phone.at('erased-uncleared').waitFor()
      expect(await phone.page.evaluate(nameDatabases)).toEqual(['netcert-wallet-lock'])
      await phone.at('begin-anew').click()
      await phone.at('set-up-screen').waitFor()
      await context.close()
      expect(found()).not.toEqual([])
    })

    it('is not erased by a link, nor by another page', async () => {
      await fill()
      const other = await context.newPage()
      await other.goto(`${ground.url}erased`)
      await other.goto('about:blank')
      await other.setContent(`<form method="post" action="${ground.url}erased"></form>`)
      const answer = other.waitForResponse(`${ground.url}erased`)
      await other.evaluate(() => document.forms[0]!.submit())
      expect((await answer).status()).toBe(403)
      await other.close()
      expect(await phone.left()).toEqual(['9'])
      expect(found()).not.toEqual([])
    })

    it('makes no script of the page fail', () => {
      expect(complaints).toEqual([])
    })
  },
)

const nameDatabases = async () => (await indexedDB.databases()).map(({ name }) => name)

/** What of a wallet nobody is to find later, as the browser has it. */
async function readSecrets(page: Page): Promise<Secrets> {
  const kept = await page.evaluate(async () => {
    const read = <Row>(name: string, table: string) =>
      new Promise<Row[]>((resolve, reject) => {
        const opening = indexedDB.open(name)
        opening.addEventListener('error', () => reject(new TypeError(name)))
        opening.addEventListener('success', () => {
          const asked = opening.result.transaction(table).objectStore(table).getAll()
          asked.addEventListener('success', () => {
            opening.result.close()
            resolve(asked.result as Row[])
          })
        })
      })
    const keys = await read<{ did: string }>('netcert-wallet', 'keys')
    const copies = await read<{ sealed: string; key_alias: string; used_at: number | null }>(
      'netcert-wallet',
      'copies',
    )
    const records = await read<{ sealed: string }>('netcert-wallet', 'records')
    const ledger = await read<{ sealed: string }>('netcert-wallet', 'ledger')
    const lock = await read<{ salt?: Uint8Array; sealed?: Uint8Array }>(
      'netcert-wallet-lock',
      'lock',
    )
    const pin = lock.find(({ salt }) => salt !== undefined)
    return {
      did: keys[0]?.did ?? '',
      copy: copies.find(({ used_at: usedAt }) => usedAt === null)?.sealed.slice(0, 60) ?? '',
      usedAlias: copies.find(({ used_at: usedAt }) => usedAt !== null)?.key_alias ?? '',
      grant: records[0]?.sealed.slice(0, 60) ?? '',
      line: ledger[0]?.sealed.slice(0, 60) ?? '',
      salt: [...(pin?.salt ?? [])],
      sealedKey: [...(pin?.sealed ?? [])],
    }
  })
  const secrets = Object.entries(kept).map(([name, value]) => [
    name,
    typeof value === 'string' ? Buffer.from(value) : Buffer.from(value),
  ])
  expect(secrets.every(([, bytes]) => (bytes?.length ?? 0) > 16)).toBe(true)
  return Object.fromEntries(secrets) as Secrets
}

/** Three wrong PINs erase everything, as its owner may choose in the settings. */
function chooseToWipe(page: Page): Promise<void> {
  return page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const opening = indexedDB.open('netcert-wallet-lock')
        opening.addEventListener('success', () => {
          const transaction = opening.result.transaction('lock', 'readwrite')
          transaction.objectStore('lock').put({ wipeAfter: 3, lockAfterSeconds: 300 }, 'choices')
          transaction.addEventListener('complete', () => {
            opening.result.close()
            resolve()
          })
        })
      }),
  )
}
