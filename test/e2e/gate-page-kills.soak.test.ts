import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLaneCode, sealLane } from '@netcert/verifier/gate'
import { serveGatePage } from '@netcert/verifier/gate-page'
import { chromium, type Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { chromiumProcess, chromiumState, hasChromium } from '../chromium.js'
import { answerWith, loosePasses } from '../gate-attacker.js'
import { gateGround } from '../gate-ground.js'
import { createEvent, laneSettings } from '../gate-lanes.js'

const at = (name: string) => `[data-testid=${name}]`
const KILLS = 5

/** A browser that can be killed as a whole, at any moment, and started again on the same profile. */
async function startBrowser(profile: string) {
  const port = join(profile, 'DevToolsActivePort')
  await rm(port, { force: true })
  const own = ['--remote-debugging-port=0', `--user-data-dir=${profile}`]
  const given = [...chromiumProcess.arguments, ...own]
  const child = spawn(chromiumProcess.path, given, { detached: true, stdio: 'ignore' })
  const [number] = (await waitForFile(port)).split('\n')
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${number}`)
  return { child, context: browser.contexts()[0]! }
}

async function waitForFile(path: string): Promise<string> {
  for (let tries = 0; tries < 300; tries += 1) {
    const text = await readFile(path, 'utf8').catch(() => '')
    if (text.includes('\n')) return text
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`${path} did not appear`)
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit')
  process.kill(-child.pid!, 'SIGKILL')
  await ended
}

async function type(page: Page, code: string): Promise<void> {
  for (const key of [...code.split(''), 'Enter'])
    await page.keyboard.press(key === ' ' ? 'Space' : key)
}

describe.skipIf(!hasChromium)(`a kiosk whose power is cut${chromiumState}`, () => {
  const ground = gateGround()

  it('has every entry that it showed, however often it is killed right behind a green', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'netcert-killed-'))
    const profile = await mkdtemp(join(tmpdir(), 'netcert-profile-'))
    const packFile = join(folder, 'full.ncpack')
    await ground.issuer((issuer) => issuer.packs.build({ out: packFile }))
    const server = await serveGatePage({ port: 0, packFile })
    const code = createLaneCode()
    const lane = join(folder, 'lane.ncgate')
    await writeFile(lane, await sealLane(laneSettings(ground, createEvent(ground.venue)), code))
    const passes = await loosePasses(ground, KILLS)
    const shown: string[] = []
    const counted: string[] = []
    for (const pass of [...passes, null]) {
      const { child, context } = await startBrowser(profile)
      const page = context.pages()[0] ?? (await context.newPage())
      await page.goto(`${server.url}?lang=en`)
      if (counted.length === 0) await setUp(page, { lane, code })
      await page.waitForSelector(at('challenge'))
      counted.push((await page.getAttribute(at('entries-total'), 'data-count')) ?? '')
      if (pass === null) {
        await kill(child)
        break
      }
      const challenge = (await page.getAttribute(at('challenge'), 'data-text')) ?? ''
      await type(page, await answerWith(pass, challenge))
      const verdict = page.locator(`${at('verdict')}[data-colour=green]`)
      shown.push((await verdict.getAttribute('data-entry')) ?? '')
      await kill(child)
    }
    await server.close()
    for (const made of [folder, profile]) await rm(made, { recursive: true, force: true })
    expect(shown).toEqual(['1', '2', '3', '4', '5'])
    expect(counted).toEqual(['0', ...shown])
  }, 240_000)
})

async function setUp(page: Page, lane: { readonly lane: string; readonly code: string }) {
  await page.setInputFiles(at('lane-file'), lane.lane)
  await page.fill(at('lane-code'), lane.code)
  await page.click(at('lane-open'))
  await page.fill(at('pin-new'), '482915')
  await page.fill(at('pin-again'), '482915')
  await page.click(at('pin-set'))
  await page.click(at('pack-fetch'))
  await page.click(`${at('pack-next')}.main`)
  await page.click(at('start-gate'))
}
