import { film } from './camera.js'
import { imageOf, quick, readImage, thorough } from './code-reader.js'
import type { Ladder } from './conditions.js'
import type { Frame, Picture } from './picture.js'
import { quantile } from './stadium/queues.js'

export type FrameSize = { readonly width: number; readonly height: number }

/** Parts of the frames that are read at a glance, and in the thorough way; milliseconds a frame. */
export type Reading = {
  readonly quickRate: number
  readonly rate: number
  readonly quickMs: number
  readonly thoroughMs: number
}

/** @throws Error when a frame gives another text than the code's: no rate makes up for that. */
export async function readFrames(frames: readonly Frame[], text: string): Promise<Reading> {
  const counts = { quick: 0, thorough: 0 }
  const times = { quick: [] as number[], thorough: [] as number[] }
  for (const frame of frames) {
    const image = imageOf(frame)
    for (const [way, options] of Object.entries({ quick, thorough })) {
      const name = way as keyof typeof counts
      const begin = performance.now()
      const found = await readImage(image, options)
      times[name].push(performance.now() - begin)
      if (found !== null && found !== text) throw new Error('a frame was read as another text')
      if (found !== null) counts[name] += 1
    }
  }
  return {
    quickRate: counts.quick / frames.length,
    rate: counts.thorough / frames.length,
    quickMs: quantile(times.quick, 0.5),
    thoroughMs: quantile(times.thorough, 0.5),
  }
}

export type RatesOptions = {
  readonly thing: Picture
  readonly text: string
  readonly frames: number
  readonly size: FrameSize
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
