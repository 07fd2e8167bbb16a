import { type Chance, seededChance } from './chance.js'
import type { Condition } from './conditions.js'
import { blurred, moved, withGlare } from './optics.js'
import type { Frame, Picture } from './picture.js'
import { createBackground, type Pose, projectScene } from './scene.js'
import { compressed, expose } from './sensor.js'

export type FilmOptions = {
  /** What is held before the camera: `qrScreen` of a text, or a picture of a page. */
  readonly thing: Picture
  readonly condition: Condition
  readonly frames: number
  readonly seed: number
  readonly width?: number
  readonly height?: number
}

/** No hand is still: between frames a code wanders by some pixels and degrees. */
const TREMBLING_PIXELS = 4
const TREMBLING_DEGREES = 1.2
const READ_ELECTRONS = 6

/** Frames of a camera before which the thing is held. The same options give the same bytes. */
export function film(options: FilmOptions): readonly Frame[] {
  const { thing, condition, frames, seed, width = 1280, height = 720 } = options
  const chance = seededChance(seed)
  const background = createBackground(width, height, chance)
  return Array.from({ length: frames }, () => shoot({ thing, condition, background, chance }))
}

type Shot = {
  readonly thing: Picture
  readonly condition: Condition
  readonly background: Picture
  readonly chance: Chance
}

function shoot({ thing, condition, background, chance }: Shot): Frame {
  const pose = trembling(condition, background.height, chance)
  const seen = blurred(projectScene(thing, pose, background), condition.blurSigma)
  const still = moved(seen, condition.motionPixels, chance.between(0, 180))
  const lit = withGlare(still, glareOn(pose, background, condition, chance))
  const frame = expose(lit, { ...condition, readElectrons: READ_ELECTRONS }, chance)
  return compressed(frame, condition.jpegQuality)
}

function trembling(condition: Condition, frameHeight: number, chance: Chance): Pose {
  const degrees = (held: number) => held + chance.normal() * TREMBLING_DEGREES
  const shift = () => chance.normal() * TREMBLING_PIXELS
  return {
    widthPixels: condition.size * frameHeight,
    roll: degrees(condition.roll),
    yaw: degrees(condition.yaw),
    pitch: degrees(condition.pitch),
    shift: [shift(), shift()],
  }
}

/** Somewhere on the code, for a lamp that lies beside it disturbs nobody. */
function glareOn(pose: Pose, frame: Picture, condition: Condition, chance: Chance) {
  const near = () => chance.between(-0.3, 0.3) * pose.widthPixels
  const at = [
    frame.width / 2 + pose.shift[0] + near(),
    frame.height / 2 + pose.shift[1] + near(),
  ] as const
  const radiusPixels = condition.glareRadius * pose.widthPixels
  return { at, radiusPixels, veil: condition.glareVeil }
}
