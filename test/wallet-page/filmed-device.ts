import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launchFilmedChromium } from '../chromium.js'
import { film } from '../gate/src/camera.js'
import { conditions } from '../gate/src/conditions.js'
import type { Frame } from '../gate/src/picture.js'
import { linkScreen } from '../gate/src/qr-screen.js'
import { encodeY4m } from '../gate/src/y4m.js'
import { deviceOn, note, sizes, type WalletDevice } from '../wallet-page-ground.js'

/** A phone whose camera sees what a test holds before it. */
export type FilmedDevice = WalletDevice & {
  /**
   * Holds codes before the camera, one after the other, for the next page that opens it.
   *
   * @param seconds - How long each is held; the last one and the first follow each other without end.
   */
  hold(texts: readonly string[], seconds?: number): Promise<void>
}

/** One look a second is enough to read a code, and keeps films small. */
const FRAMES_PER_SECOND = 1
/** Near, as a link with a whole offer in it has to be. */
const near = { ...conditions.clean, size: 0.92 }

/** Opens a device with a camera on the page of the wallet at `url`; close it. */
export async function openFilmedDevice(
  url: string,
  { givesCamera = true }: { readonly givesCamera?: boolean } = {},
): Promise<FilmedDevice> {
  const folder = await mkdtemp(join(tmpdir(), 'netcert-filmed-'))
  const filmFile = join(folder, 'camera.y4m')
  const hold: FilmedDevice['hold'] = async (texts, seconds = 1) => {
    const frames = texts.flatMap((text, seed) => shots(text, seed + 1, seconds))
    // At once and whole, for a page may open the camera at any moment.
    await writeFile(`${filmFile}.new`, encodeY4m(frames, FRAMES_PER_SECOND))
    await rename(`${filmFile}.new`, filmFile)
  }
  await hold(['HELLO'])
  const context = await launchFilmedChromium({
    ...{ profile: join(folder, 'profile'), film: filmFile, givesCamera },
    context: { ...sizes.phone, locale: 'zh-CN' },
  })
  const page = context.pages()[0] ?? (await context.newPage())
  const noted = note(context, url)
  await page.goto(url)
  return {
    ...deviceOn({ context, page, url, ...noted }),
    hold,
    async close() {
      await context.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function shots(text: string, seed: number, count: number): readonly Frame[] {
  const seen = film({ thing: linkScreen(text), condition: near, frames: 1, seed })
  return Array.from({ length: count }, () => seen).flat()
}
