import type { Chance } from './chance.js'
import { createPicture, type Picture } from './picture.js'

/** How a flat thing is held before the camera. Angles in degrees, lengths in pixels of the sensor. */
export type Pose = {
  /** Width that the thing has on the sensor when it faces the camera. */
  readonly widthPixels: number
  readonly roll: number
  readonly yaw: number
  readonly pitch: number
  /** From the middle of the frame. */
  readonly shift: readonly [number, number]
}

type Matrix = readonly [number, number, number, number, number, number, number, number, number]

/** A phone is held about four widths of its code away: what tilt does to the lines hangs on it. */
const DISTANCE_WIDTHS = 4
const SAMPLES = 3

const radians = (degrees: number) => (degrees * Math.PI) / 180

/** From the thing's own grid, in widths from its middle, to the sensor (pinhole camera). */
function projection(pose: Pose, middle: readonly [number, number]): Matrix {
  const [sr, cr] = [Math.sin(radians(pose.roll)), Math.cos(radians(pose.roll))]
  const [sy, cy] = [Math.sin(radians(pose.yaw)), Math.cos(radians(pose.yaw))]
  const [sp, cp] = [Math.sin(radians(pose.pitch)), Math.cos(radians(pose.pitch))]
  // Columns of the rotation: where the thing's own x and y point in space.
  const x = [cy * cr + sy * sp * sr, cp * sr, -sy * cr + cy * sp * sr] as const
  const y = [-cy * sr + sy * sp * cr, cp * cr, sy * sr + cy * sp * cr] as const
  const focal = pose.widthPixels * DISTANCE_WIDTHS
  const [left, top] = [middle[0] + pose.shift[0], middle[1] + pose.shift[1]]
  return [
    focal * x[0] + left * x[2],
    focal * y[0] + left * y[2],
    left * DISTANCE_WIDTHS,
    focal * x[1] + top * x[2],
    focal * y[1] + top * y[2],
    top * DISTANCE_WIDTHS,
    x[2],
    y[2],
    DISTANCE_WIDTHS,
  ]
}

/** The adjugate: an inverse up to a factor, which a projection does not notice. */
function inverse([a, b, c, d, e, f, g, h, i]: Matrix): Matrix {
  return [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ]
}

/** Out of focus behind the phone: a hall with soft lights and darks. */
export function createBackground(width: number, height: number, chance: Chance): Picture {
  const [columns, rows] = [9, 7]
  const knots = Float32Array.from({ length: columns * rows }, () => chance.between(0.04, 0.4))
  const picture = createPicture(width, height, 0)
  const knot = (column: number, row: number) => knots[row * columns + column] ?? 0
  for (let y = 0; y < height; y += 1) {
    const v = (y / height) * (rows - 1)
    for (let x = 0; x < width; x += 1) {
      const u = (x / width) * (columns - 1)
      const [column, row] = [Math.floor(u), Math.floor(v)]
      const [right, down] = [u - column, v - row]
      const above = knot(column, row) * (1 - right) + knot(column + 1, row) * right
      const below = knot(column, row + 1) * (1 - right) + knot(column + 1, row + 1) * right
      picture.light[y * width + x] = above * (1 - down) + below * down
    }
  }
  return picture
}

/** What the lens sees: `thing`, held so, before `background`, in the background's size. */
export function projectScene(thing: Picture, pose: Pose, background: Picture): Picture {
  const { width, height } = background
  const scene = { width, height, light: background.light.slice() }
  const back = inverse(projection(pose, [width / 2, height / 2]))
  // A tilted thing reaches beyond its width, at this distance by less than a half.
  const reach = pose.widthPixels * Math.max(1, thing.height / thing.width)
  const from = (middle: number) => Math.max(0, Math.floor(middle - reach))
  const to = (middle: number, end: number) => Math.min(end, Math.ceil(middle + reach))
  const [midX, midY] = [width / 2 + pose.shift[0], height / 2 + pose.shift[1]]
  for (let y = from(midY); y < to(midY, height); y += 1)
    for (let x = from(midX); x < to(midX, width); x += 1) {
      const at = y * width + x
      scene.light[at] = lightThrough(thing, back, [x, y], scene.light[at] ?? 0)
    }
  return scene
}

/** Mean over one pixel of the sensor: an edge that runs through it gives a grey. */
function lightThrough(
  { width, height, light }: Picture,
  [a, b, c, d, e, f, g, h, i]: Matrix,
  [x, y]: readonly [number, number],
  behind: number,
): number {
  let sum = 0
  for (let sample = 0; sample < SAMPLES * SAMPLES; sample += 1) {
    const px = x + ((sample % SAMPLES) + 0.5) / SAMPLES
    const py = y + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES
    const scale = 1 / (g * px + h * py + i)
    const column = Math.floor(((a * px + b * py + c) * scale + 0.5) * width)
    const row = Math.floor((d * px + e * py + f) * scale * width + height / 2)
    const inside = column >= 0 && column < width && row >= 0 && row < height
    sum += inside ? (light[row * width + column] ?? 0) : behind
  }
  return sum / (SAMPLES * SAMPLES)
}
