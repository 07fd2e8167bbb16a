/** Light on a grid, row by row, linear: 0 is none, 1 is a white that the camera is exposed for. */
export type Picture = {
  readonly width: number
  readonly height: number
  readonly light: Float32Array
}

/** What a camera gives: one byte of brightness for each pixel, row by row, gamma 2.2. */
export type Frame = {
  readonly width: number
  readonly height: number
  readonly luma: Uint8Array
}

/** @param fill - Light of each pixel. */
export function createPicture(width: number, height: number, fill: number): Picture {
  return { width, height, light: new Float32Array(width * height).fill(fill) }
}

/** The light that a shown byte stands for. */
export const lightOfByte: Float32Array = Float32Array.from({ length: 256 }, (_, byte) =>
  Math.pow(byte / 255, 2.2),
)

/** The picture that a screen shows of a frame. */
export function pictureOfFrame({ width, height, luma }: Frame): Picture {
  return { width, height, light: Float32Array.from(luma, (byte) => lightOfByte[byte] ?? 0) }
}
