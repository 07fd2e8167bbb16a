import { film } from './camera.js'
import { readCode } from './code-reader.js'
import { type Condition, conditionNames, conditions, type Ladder } from './conditions.js'
import type { Frame, Picture } from './picture.js'
import { quantile } from './stadium/queues.js'

export type FrameSize = { readonly width: number; readonly height: number }

/** Part of the frames that were read, and how long a frame took, in milliseconds. */
export type Reading = { readonly rate: number; readonly p50: number; readonly p95: number }

/** @throws Error when a frame gives another text than the code's: no rate makes up for that. */
export async function readFrames(frames: readonly Frame[], text: string): Promise<Reading> {
  const times: number[] = []
  let read = 0
  for (const frame of frames) {
    const begin = performance.now()
    const found = await readCode(frame)
    times.push(performance.now() - begin)
    if (found !== null && found !== text) throw new Error('a frame was read as another text')
    if (found !== null) read += 1
  }
  return { rate: read / frames.length, p50: quantile(times, 0.5), p95: quantile(times, 0.95) }
}

export type RatesOptions = {
  readonly thing: Picture
  readonly text: string
  readonly frames: number
  readonly size: FrameSize
}

/** One reading for each named condition. */
export async function readConditions({ thing, text, frames, size }: RatesOptions) {
  const readings: [string, Reading][] = []
  for (const [seed, name] of conditionNames.entries()) {
    const condition: Condition = conditions[name]
    const taken = film({ thing, condition, frames, seed: seed + 1, ...size })
    readings.push([name, await readFrames(taken, text)])
  }
  return readings
}

/** Nine of ten frames: a person holding a phone does not notice the tenth. */
const GOOD = 0.9

/**
 * The last step of a ladder at which nine of ten frames are read, and the last at which any is.
 * Climbs until nothing is read any more.
 */
export async function climb(ladder: Ladder, { thing, text, frames, size }: RatesOptions) {
  const reached: { good: number | null; any: number | null } = { good: null, any: null }
  let isGood = true
  for (const [seed, step] of ladder.steps.entries()) {
    const condition = ladder.at(step)
    const taken = film({ thing, condition, frames, seed: seed + 100, ...size })
    const { rate } = await readFrames(taken, text)
    isGood &&= rate >= GOOD
    if (isGood) reached.good = step
    if (rate > 0) reached.any = step
    else break
  }
  return reached
}
