import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { chromiumState, hasChromium } from '../chromium.js'
import { answerWith, loosePasses } from '../gate-attacker.js'
import { laneSettings } from '../gate-lanes.js'
import { type KioskDevice, openKioskDevice } from './kiosk-device.js'
import { type KioskGround, startKioskGround } from './kiosk-ground.js'
import { readCode } from './src/code-reader.js'
import { conditions } from './src/conditions.js'

/** What kiosks keep of those they saw, and what they find when they are put side by side. */

const at = (name: string) => `[data-testid=${name}]`
const clean = (text: string) => ({ text, condition: conditions.clean })
const LONG_MS = 180_000
const challengeOf = async (kiosk: KioskDevice) => {
  await kiosk.showFilm([])
  return (await readCode(await kiosk.challengeCard())) ?? ''
}

async function openLedger({ page, pin }: KioskDevice): Promise<Page> {
  await page.click(at('staff-open'))
  await page.fill(at('pin-entry'), pin)
  await page.click(at('pin-unlock'))
  await page.click(at('tab-ledger'))
  // Wherever staff are, the age of the pack can be seen.
  expect(await page.getAttribute(at('pack-age'), 'data-level')).toBe('ok')
  return page
}

describe.skipIf(!hasChromium)(`two kiosks without a network between them${chromiumState}`, () => {
  let walk: KioskGround
  let second: KioskDevice

  beforeAll(async () => {
    walk = await startKioskGround({ gate: 'north' })
    const { ground, lane, server } = walk
    const event = { ...lane.event, venue: ground.venue, ledgerKey: lane.ledgerKey }
    second = await openKioskDevice(server.url)
    await second.setUp(laneSettings(ground, event, { gate: 'south' }), await walk.pack())
  }, 120_000)
  afterAll(async () => {
    await second?.close()
    await walk?.close()
  })

  it(
    'let one pass in twice; merged, they name it, and from then on refuse what the other saw',
    async () => {
      const { ground, kiosk } = walk
      const [twice, once] = await loosePasses(ground, 2)
      for (const device of [kiosk, second]) {
        const challenge = await challengeOf(device)
        const passes = device === kiosk ? [twice!, once!] : [twice!]
        const texts = await Promise.all(passes.map((pass) => answerWith(pass, challenge)))
        await device.showCodes(texts.map(clean))
        await device.waitFor('green', texts.length)
        await device.showFilm([])
      }
      const file = join(tmpdir(), `netcert-ledger-${crypto.randomUUID()}.json`)
      const north = await openLedger(kiosk)
      const downloaded = north.waitForEvent('download')
      await north.click(at('ledger-export'))
      await (await downloaded).saveAs(file)
      const south = await openLedger(second)
      await south.setInputFiles(at('ledger-merge'), file)
      await south.waitForSelector(`${at('ledger-merged')}[data-twice="1"]`)
      await rm(file)
      await south.click(at('staff-close'))
      await second.showCodes([clean(await answerWith(once!, await challengeOf(second)))])
      expect((await second.waitFor('red', 1))[0]?.code).toBe('pass_used')
    },
    LONG_MS,
  )
})

describe.skipIf(!hasChromium)(`a kiosk that asks for a name${chromiumState}`, () => {
  let walk: KioskGround
  beforeAll(async () => {
    walk = await startKioskGround({ kind: 'name' })
  }, 120_000)
  afterAll(() => walk?.close())
  afterEach(() => walk.kiosk.showFilm([]))

  it(
    'shows it while the verdict stands, and keeps it nowhere',
    async () => {
      const { ground, kiosk } = walk
      const visitor = await ground.visitor({ types: ['network-certificate'] })
      const consent = () => 'share' as const
      const challenge = await challengeOf(kiosk)
      const { text: code, encrypted } = await visitor.wallet.answerGate({ challenge, consent })
      expect(encrypted).toBe(true)
      await kiosk.showCodes([clean(code)], { width: 1280, height: 720 })
      const shown = await kiosk.page.waitForSelector(at('verdict-identity'))
      const text = (await shown.textContent()) ?? ''
      // Family name and given name stand in fields of their own.
      const given = visitor.person.name.slice(1)
      expect(text).toContain(given)
      await kiosk.showFilm([])
      expect(await kiosk.page.content()).not.toContain(given)
      expect(await kiosk.page.evaluate(everythingKept)).not.toContain(given)
    },
    LONG_MS,
  )
})

/** All rows of all databases of the page, as text. */
async function everythingKept(): Promise<string> {
  const rows: unknown[] = []
  const done = <Value>(request: IDBRequest<Value>) =>
    new Promise<Value>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(new Error('a database of the page cannot be read'))
    })
  for (const { name = '' } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name))
    for (const store of database.objectStoreNames)
      rows.push(await done(database.transaction(store).objectStore(store).getAll()))
    database.close()
  }
  return JSON.stringify(rows)
}
