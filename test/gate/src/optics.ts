import { createPicture, type Picture } from './picture.js'

/** Mean along a line through each pixel; beyond the edge the edge goes on. */
function alongLine(picture: Picture, weights: Float32Array, step: readonly [number, number]) {
  const { width, height, light } = picture
  const out = createPicture(width, height, 0)
  const half = (weights.length - 1) / 2
  weights.forEach((weight, tap) => {
    const [right, down] = [Math.round((tap - half) * step[0]), Math.round((tap - half) * step[1])]
    const [from, to] = [Math.max(0, -right), Math.min(width, width - right)]
    for (let y = 0; y < height; y += 1) {
      const row = Math.min(height - 1, Math.max(0, y + down)) * width
      const target = y * width
      const [first, last] = [light[row] ?? 0, light[row + width - 1] ?? 0]
      for (let x = 0; x < from; x += 1) out.light[target + x]! += weight * first
      for (let x = from; x < to; x += 1) out.light[target + x]! += weight * light[row + x + right]!
      for (let x = to; x < width; x += 1) out.light[target + x]! += weight * last
    }
  })
  return out
}

/** A lens out of focus, or a poor one. `sigma` in pixels of the sensor. */
export function blurred(picture: Picture, sigma: number): Picture {
  if (sigma <= 0) return picture
  const half = Math.ceil(sigma * 3)
  const bell = Float32Array.from({ length: 2 * half + 1 }, (_, at) =>
    Math.exp(-((at - half) ** 2) / (2 * sigma * sigma)),
  )
  const whole = bell.reduce((sum, weight) => sum + weight, 0)
  const weights = bell.map((weight) => weight / whole)
  return alongLine(alongLine(picture, weights, [1, 0]), weights, [0, 1])
}

/** A hand that moves while the shutter is open: `lengthPixels` in the direction of `degrees`. */
export function moved(picture: Picture, lengthPixels: number, degrees: number): Picture {
  const taps = Math.max(1, Math.round(lengthPixels))
  const angle = (degrees * Math.PI) / 180
  const weights = new Float32Array(taps).fill(1 / taps)
  return alongLine(picture, weights, [Math.cos(angle), Math.sin(angle)])
}

/** A lamp in the glass. */
export type Glare = {
  /** Middle, in pixels of the sensor. */
  readonly at: readonly [number, number]
  /** Within it the sensor sees white and nothing else. */
  readonly radiusPixels: number
  /** Light that lies over the whole picture. */
  readonly veil: number
}

/** Adds what the glass throws back. */
export function withGlare(picture: Picture, { at, radiusPixels, veil }: Glare): Picture {
  const { width, height, light } = picture
  const out = { width, height, light: light.slice() }
  if (veil > 0) for (let index = 0; index < light.length; index += 1) out.light[index]! += veil
  const reach = 3 * radiusPixels
  const from = (middle: number) => Math.max(0, Math.ceil(middle - reach))
  const to = (middle: number, end: number) => Math.min(end, Math.floor(middle + reach))
  // One at the radius, and falling fast: a lamp has an edge, glass has dirt.
  for (let y = from(at[1]); y < to(at[1], height); y += 1)
    for (let x = from(at[0]); x < to(at[0], width); x += 1) {
      const square = ((x - at[0]) ** 2 + (y - at[1]) ** 2) / radiusPixels ** 2
      out.light[y * width + x]! += Math.exp(3 * (1 - square))
    }
  return out
}
