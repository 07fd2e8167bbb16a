import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLaneCode, type LaneSettings, sealLane } from '@netcert/verifier/gate'
import type { BrowserContext, Page } from 'playwright-core'
import { launchFilmedChromium } from '../chromium.js'
import { film } from './src/camera.js'
import { type Condition, conditions } from './src/conditions.js'
import { createPicture, type Frame, pictureOfFrame } from './src/picture.js'
import { decodeScreenshot } from './src/png.js'
import { qrScreen } from './src/qr-screen.js'
import type { FrameSize } from './src/reading-rates.js'
import { encodeY4m } from './src/y4m.js'

/** A verdict as the kiosk's screen showed it. */
export type SeenVerdict = {
  readonly colour: string
  readonly code: string
  readonly entry: string
  readonly by: string
}

/** A code and how it is held. */
export type Held = { readonly text: string; readonly condition: Condition }

/** A tablet at a gate: its browser keeps what it learns, its camera sees what the test films. */
export type KioskDevice = {
  /** What staff unlock it with. */
  readonly pin: string
  readonly page: Page
  readonly context: BrowserContext
  /** The whole way of the set-up screens. */
  setUp(lane: LaneSettings, packFile: string): Promise<void>
  /** What the camera sees from now on, without frames an empty hall; opens the camera anew and forgets what was noted. */
  showFilm(frames: readonly Frame[]): Promise<void>
  /** Codes one after the other, each for some frames, with nothing between. */
  showCodes(codes: readonly Held[], size?: FrameSize): Promise<void>
  /** The screen around the challenge, as it stands now. */
  challengeCard(): Promise<Frame>
  /** All verdicts since the page was opened that were not repeated. */
  verdicts(): Promise<readonly SeenVerdict[]>
  /** Waits until so many verdicts had the colour, and gives them. */
  waitFor(colour: SeenVerdict['colour'], count: number): Promise<readonly SeenVerdict[]>
  /** Switched off and on again. */
  restart(): Promise<void>
  close(): Promise<void>
}

const PIN = '482913'
const FRAMES_PER_SECOND = 10
/** Part of the white card around the code that a phone sees. */
const QUIET_PIXELS = 28
/** A cheap camera, at which all named conditions are read; 640 × 480 is too coarse for some. */
const usual = { width: 960, height: 720 }
/** Nobody is there. Without noise, for nobody learns anything from it. */
const emptyHall = (size: FrameSize) =>
  film({
    thing: createPicture(1, 1, 0.2),
    condition: { ...conditions.clean, size: 0.01, whiteElectrons: 1e9, jpegQuality: 95 },
    ...{ frames: 1, seed: 1, ...size },
  })
const at = (name: string) => `[data-testid=${name}]`

/** Notes each verdict when it comes on the screen, however short it stays. */
function noteVerdicts(): void {
  const noted: SeenVerdict[] = []
  Object.assign(globalThis, { notedVerdicts: noted })
  const note = () => {
    const shown = document.querySelector<HTMLElement>('[data-testid=verdict]')
    if (shown === null || shown.dataset['noted'] !== undefined) return
    const { colour = '', code = '', entry = '', by = '', repeated } = shown.dataset
    shown.dataset['noted'] = ''
    if (repeated !== 'true') noted.push({ colour, code, entry, by })
  }
  new MutationObserver(note).observe(document, { childList: true, subtree: true })
}

/** Opens a device on the page at `url`; close it. */
export async function openKioskDevice(url: string): Promise<KioskDevice> {
  const folder = await mkdtemp(join(tmpdir(), 'netcert-kiosk-'))
  const filmFile = join(folder, 'camera.y4m')
  await writeFilm(filmFile, emptyHall(usual))
  const open = async () => {
    const context = await launchFilmedChromium({ profile: join(folder, 'profile'), film: filmFile })
    await context.addInitScript(noteVerdicts)
    const page = context.pages()[0] ?? (await context.newPage())
    await page.goto(`${url}?lang=en`)
    await page.waitForSelector(`${at('app')}:not([data-screen=starting])`)
    return { context, page }
  }
  let now = await open()
  const device: KioskDevice = {
    pin: PIN,
    get page() {
      return now.page
    },
    get context() {
      return now.context
    },
    setUp: (lane, packFile) => setUp(now.page, { lane, packFile, folder }),
    async showFilm(frames) {
      await writeFilm(filmFile, frames.length === 0 ? emptyHall(usual) : frames)
      await forgetVerdicts(now.page)
      await openCameraAnew(now.page)
      // What came of the film before while the camera turned; of an empty hall comes nothing.
      if (frames.length === 0) await forgetVerdicts(now.page)
    },
    async showCodes(codes, size = usual) {
      const empty = emptyHall(size)
      const shown = codes.flatMap(({ text, condition }, seed) => [
        ...film({ thing: qrScreen(text), condition, frames: 2, seed: seed + 1, ...size }),
        ...empty,
      ])
      // Each picture for some tenths of a second, as a hand holds a phone.
      await device.showFilm(shown.flatMap((frame) => [frame, frame, frame]))
    },
    async challengeCard() {
      const box = await now.page.locator(at('challenge')).boundingBox()
      if (box === null) throw new Error('there is no challenge on the screen')
      const [x, y] = [box.x - QUIET_PIXELS, box.y - QUIET_PIXELS]
      const width = box.width + 2 * QUIET_PIXELS
      const height = box.height + 2 * QUIET_PIXELS
      return decodeScreenshot(await now.page.screenshot({ clip: { x, y, width, height } }))
    },
    verdicts: () => readVerdicts(now.page),
    async waitFor(colour, count) {
      await now.page.waitForFunction(
        hasVerdicts,
        { colour, count },
        { polling: 50, timeout: 60_000 },
      )
      return (await readVerdicts(now.page)).filter((it) => it.colour === colour)
    },
    async restart() {
      await now.context.close()
      now = await open()
    },
    async close() {
      await now.context.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
  return device
}

/** To the staff's screen and back, by which the page lets the camera go: opened anew, it reads its film anew. */
async function openCameraAnew(page: Page): Promise<void> {
  await page.locator(at('staff-open')).dispatchEvent('click')
  await page.click(at('staff-close'))
  await page.waitForSelector(`${at('camera')}[data-state=reading]`)
}

/** Takes the verdict off the screen and out of what was noted. */
async function forgetVerdicts(page: Page): Promise<void> {
  await page.keyboard.press('Escape')
  await page.evaluate(() => void (Reflect.get(globalThis, 'notedVerdicts') as unknown[]).splice(0))
}

const readVerdicts = (page: Page): Promise<readonly SeenVerdict[]> =>
  page.evaluate(() => Reflect.get(globalThis, 'notedVerdicts') as SeenVerdict[])

const hasVerdicts = (wanted: { readonly colour: string; readonly count: number }): boolean => {
  const noted = Reflect.get(globalThis, 'notedVerdicts') as SeenVerdict[]
  return noted.filter(({ colour }) => colour === wanted.colour).length >= wanted.count
}

async function writeFilm(file: string, frames: readonly Frame[]): Promise<void> {
  // At once and whole, for a camera may open it at any moment.
  await writeFile(`${file}.new`, encodeY4m(frames, FRAMES_PER_SECOND))
  await rename(`${file}.new`, file)
}

type SetUpParts = {
  readonly lane: LaneSettings
  readonly packFile: string
  readonly folder: string
}

async function setUp(page: Page, { lane, packFile, folder }: SetUpParts): Promise<void> {
  const code = createLaneCode()
  const laneFile = join(folder, 'lane.ncgate')
  await writeFile(laneFile, await sealLane(lane, code))
  await page.setInputFiles(at('lane-file'), laneFile)
  await page.fill(at('lane-code'), code)
  await page.click(at('lane-open'))
  await page.fill(at('pin-new'), PIN)
  await page.fill(at('pin-again'), PIN)
  await page.click(at('pin-set'))
  await page.setInputFiles(at('pack-file'), packFile)
  await page.click(`${at('pack-next')}.main`)
  await page.click(at('start-gate'))
  await page.waitForSelector(at('challenge'))
}

/** What a visitor's phone sees of a screen. */
export function phoneSees(screen: Frame, condition: Condition, seed: number): Frame {
  const [seen] = film({ thing: pictureOfFrame(screen), condition, frames: 1, seed, width: 960 })
  if (seen === undefined) throw new Error('a film of one frame has one')
  return seen
}
