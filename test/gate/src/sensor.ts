import type { Chance } from './chance.js'
import type { Frame, Picture } from './picture.js'

/** A small sensor as cheap cameras have it. */
export type Sensor = {
  /** Electrons that white frees in one pixel while the shutter is open. Noise is their square root. */
  readonly whiteElectrons: number
  /** Electrons that reading out adds or takes, deviation. */
  readonly readElectrons: number
  /** Brightness of white in the frame, 0 to 1 (linear): an automatic exposure that gave up is below 1. */
  readonly whiteLevel: number
}

const LEVELS = 8191
const byteOfLevel = Uint8Array.from({ length: LEVELS + 1 }, (_, level) =>
  Math.round(255 * Math.pow(level / LEVELS, 1 / 2.2)),
)

/** Charges, noise, gain, clipping, gamma, eight bits. */
export function expose(picture: Picture, sensor: Sensor, chance: Chance): Frame {
  const { width, height, light } = picture
  const luma = new Uint8Array(width * height)
  for (let at = 0; at < luma.length; at += 1) {
    const freed = (light[at] ?? 0) * sensor.whiteElectrons
    const deviation = Math.sqrt(freed + sensor.readElectrons ** 2)
    const electrons = Math.max(0, freed + deviation * chance.normal())
    const level = (electrons / sensor.whiteElectrons) * sensor.whiteLevel
    luma[at] = byteOfLevel[Math.min(LEVELS, Math.round(level * LEVELS))] ?? 255
  }
  return { width, height, luma }
}

const EIGHT = 8
/** The luminance table of ITU-T T.81, annex K.1: what cheap cameras take. */
const quantities = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56,
  14, 17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113,
  92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
]
const cosines = Float32Array.from({ length: 64 }, (_, at) => {
  const [frequency, place] = [Math.floor(at / EIGHT), at % EIGHT]
  const factor = frequency === 0 ? Math.SQRT1_2 : 1
  return 0.5 * factor * Math.cos(((2 * place + 1) * frequency * Math.PI) / 16)
})

/** One pass of the cosine transform over the rows of a block; the result lies transposed. */
function transformRows(block: Float32Array, out: Float32Array, forward: boolean): void {
  for (let row = 0; row < EIGHT; row += 1)
    for (let to = 0; to < EIGHT; to += 1) {
      let sum = 0
      for (let from = 0; from < EIGHT; from += 1) {
        const cosine = forward ? cosines[to * EIGHT + from] : cosines[from * EIGHT + to]
        sum += (cosine ?? 0) * (block[row * EIGHT + from] ?? 0)
      }
      out[to * EIGHT + row] = sum
    }
}

/** What MJPEG over USB leaves of a frame. Sides must be multiples of eight; quality as libjpeg counts it. */
export function compressed({ width, height, luma }: Frame, quality: number): Frame {
  const scale = quality < 50 ? 50 / quality : 2 - quality / 50
  const steps = quantities.map((it) => Math.max(1, Math.round(it * scale)))
  const [block, turned] = [new Float32Array(64), new Float32Array(64)]
  const out = new Uint8Array(luma.length)
  for (let top = 0; top < height; top += EIGHT)
    for (let left = 0; left < width; left += EIGHT) {
      const place = (at: number) => (top + (at >> 3)) * width + left + (at & 7)
      for (let at = 0; at < 64; at += 1) block[at] = (luma[place(at)] ?? 0) - 128
      transformRows(block, turned, true)
      transformRows(turned, block, true)
      for (let at = 0; at < 64; at += 1) {
        const step = steps[at] ?? 1
        block[at] = Math.round((block[at] ?? 0) / step) * step
      }
      transformRows(block, turned, false)
      transformRows(turned, block, false)
      for (let at = 0; at < 64; at += 1)
        out[place(at)] = Math.min(255, Math.max(0, Math.round((block[at] ?? 0) + 128)))
    }
  return { width, height, luma: out }
}
