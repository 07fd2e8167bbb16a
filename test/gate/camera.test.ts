import { toBuffer } from 'qrcode'
import { beforeAll, describe, expect, it } from 'vitest'
import { film } from './src/camera.js'
import { prepareReader, readCode } from './src/code-reader.js'
import { conditionNames, conditions } from './src/conditions.js'
import type { Frame } from './src/picture.js'
import { decodeScreenshot, encodePng } from './src/png.js'
import { qrScreen, qrSize } from './src/qr-screen.js'
import { codeOfLength } from './src/sized-codes.js'
import { encodeY4m } from './src/y4m.js'

/** The cheapest camera: 640 by 480. */
const vga = { width: 640, height: 480 }
const pass = codeOfLength(395, 1)
const certificate = codeOfLength(1046, 2)

const filmOf = (text: string, options: Partial<Parameters<typeof film>[0]> = {}) =>
  film({ thing: qrScreen(text), condition: conditions.clean, frames: 1, seed: 3, ...options })

/** How many of the frames give exactly the text. A wrong text is worse than none, and fails. */
async function countRead(frames: readonly Frame[], text: string): Promise<number> {
  const read = await Promise.all(frames.map((frame) => readCode(frame)))
  const texts = read.filter((it) => it !== null)
  expect(new Set(texts).size).toBeLessThanOrEqual(1)
  return texts.filter((it) => it === text).length
}

describe('a camera before which a code is held', () => {
  beforeAll(prepareReader)

  it('shows codes as large as a gate’s', () => {
    expect([qrSize(pass).version, qrSize(certificate).version]).toEqual([10, 18])
  })

  it.each(conditionNames)('reads a gate pass at 640 × 480: %s', async (name) => {
    const frames = filmOf(pass, { ...vga, condition: conditions[name] })
    expect(await countRead(frames, pass)).toBeGreaterThan(0)
  })

  it('reads a full certificate at 1280 × 720', async () => {
    expect(await countRead(filmOf(certificate), certificate)).toBe(1)
  })

  it.each([
    ['out of focus', { blurSigma: 6 }],
    ['in the dark', { whiteElectrons: 3, whiteLevel: 0.3 }],
    ['under a lamp', { glareRadius: 0.3 }],
    ['far away', { size: 0.15 }],
    ['shaken', { motionPixels: 30 }],
    ['from the side', { yaw: 78 }],
  ])('reads nothing that is not there any more: %s', async (_name, worse) => {
    const frames = filmOf(pass, { ...vga, condition: { ...conditions.clean, ...worse } })
    expect(await countRead(frames, pass)).toBe(0)
  })

  it('gives the same frames for the same seed, and others for another', () => {
    const [one] = filmOf(pass, vga)
    const [same] = filmOf(pass, vga)
    const [other] = filmOf(pass, { ...vga, seed: 4 })
    expect(Buffer.compare(one!.luma, same!.luma)).toBe(0)
    expect(Buffer.compare(one!.luma, other!.luma)).not.toBe(0)
  })
})

describe('films and pictures as others read them', () => {
  const frame: Frame = {
    width: 4,
    height: 2,
    luma: Uint8Array.of(0, 40, 80, 120, 160, 200, 240, 255),
  }

  it('writes a film with one header and one frame of 4:2:0 each', () => {
    const film = Buffer.from(encodeY4m([frame, frame], 30))
    const header = 'YUV4MPEG2 W4 H2 F30:1 Ip A1:1 C420jpeg\n'
    expect(film.length).toBe(header.length + 2 * ('FRAME\n'.length + 8 + 4))
    expect(film.toString('latin1', 0, header.length)).toBe(header)
    expect(() => encodeY4m([], 30)).toThrow('a film has a frame')
  })

  it('reads the PNG of another library, and refuses one that is no screenshot', async () => {
    const png = await toBuffer('NC1:ABC', { scale: 2, margin: 4 })
    const picture = decodeScreenshot(png)
    await prepareReader()
    expect(await readCode(picture)).toBe('NC1:ABC')
    expect(() => decodeScreenshot(encodePng(picture))).toThrow('not a screenshot')
  })
})
