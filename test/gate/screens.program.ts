import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseQuery } from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import { expect, test } from 'vitest'
import { answerWith, type LoosePass, loosePasses } from '../gate-attacker.js'
import { type KioskGround, startKioskGround } from './kiosk-ground.js'
import { readCode } from './src/code-reader.js'
import { conditions } from './src/conditions.js'

/**
 * npm run screens
 *
 * Pictures of the kiosk's screens for docs/gate.md, in both languages, by the walk that they show.
 */

const folder = fileURLToPath(new URL('../../docs/screens', import.meta.url))
const MOST_BYTES = 150_000
const languages = ['zh-CN', 'en'] as const
type Language = (typeof languages)[number]
const sizes: number[] = []

/** Noise makes large files, and nobody learns anything from it. */
const still = { ...conditions.clean, whiteElectrons: 1e9, jpegQuality: 95 }
const at = (name: string) => `[data-testid=${name}]`

test('pictures of the kiosk', async () => {
  await mkdir(folder, { recursive: true })
  const walk = await startKioskGround({ changes: { paper: true } })
  try {
    await walk.kiosk.page.setViewportSize({ width: 1200, height: 720 })
    for (const language of languages) await shootGate(walk, language)
    for (const language of languages) await shootStaff(walk, language)
    // Last, for it forgets the lane.
    for (const language of languages) await shootSetUp(walk, language)
    expect(Math.max(...sizes)).toBeLessThan(MOST_BYTES)
  } finally {
    await walk.close()
  }
})

async function shoot({ kiosk }: KioskGround, name: string, language: Language): Promise<void> {
  const picture = await kiosk.page.screenshot({ animations: 'disabled' })
  await writeFile(join(folder, `gate-${name}.${language}.png`), picture)
  sizes.push(picture.length)
}

const open = ({ kiosk, server }: KioskGround, language: Language) =>
  kiosk.page.goto(`${server.url}?lang=${language}&look=light`)

async function shootGate(walk: KioskGround, language: Language): Promise<void> {
  const { kiosk, ground } = walk
  await open(walk, language)
  await kiosk.showFilm([])
  await shoot(walk, 'challenge', language)
  const challenge = (await readCode(await kiosk.challengeCard())) ?? ''
  const pass = await adultPass(walk)
  const visitor = await ground.visitor()
  const sheet = await visitor.wallet.printPasses({
    ...{
      venue: ground.venue.accreditation('venue-entry'),
      query: parseQuery(queries['gate-age-over-18']),
    },
    ...{ passes: 1, consent: () => 'share' as const },
  })
  const show = async (text: string, colour: string) => {
    await kiosk.showCodes([{ text, condition: still }])
    await kiosk.waitFor(colour, 1)
    await shoot(walk, colour, language)
  }
  await show(await answerWith(pass, challenge), 'green')
  await show(sheet.passes[0]?.code ?? '', 'amber')
  await kiosk.showFilm([])
  const later = (await readCode(await kiosk.challengeCard())) ?? ''
  await show(await answerWith(pass, later), 'red')
}

async function adultPass({ ground }: KioskGround): Promise<LoosePass> {
  const [pass] = await loosePasses(ground, 1)
  if (pass === undefined) throw new Error('nobody has a pass')
  return pass
}

async function shootStaff(walk: KioskGround, language: Language): Promise<void> {
  const { kiosk } = walk
  const { page } = kiosk
  await open(walk, language)
  await page.click(at('staff-open'))
  await page.fill(at('pin-entry'), kiosk.pin)
  await page.click(at('pin-unlock'))
  for (const tab of ['pack', 'ledger']) {
    await page.click(at(`tab-${tab}`))
    await page.setViewportSize({ width: 1000, height: 900 })
    await shoot(walk, tab, language)
  }
}

async function shootSetUp(walk: KioskGround, language: Language): Promise<void> {
  const { page } = walk.kiosk
  await page.evaluate(async () => {
    for (const { name = '' } of await indexedDB.databases()) indexedDB.deleteDatabase(name)
  })
  await open(walk, language)
  await page.setViewportSize({ width: 1000, height: 640 })
  await page.waitForSelector(at('lane-file'))
  await shoot(walk, 'set-up', language)
}
