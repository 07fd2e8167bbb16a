import type { Frame } from './picture.js'

const GREY = 128

/**
 * An uncompressed film (YUV4MPEG2, 4:2:0), as Chromium's fake camera plays it, over and over.
 * All frames must have the size of the first; its sides are even.
 */
export function encodeY4m(frames: readonly Frame[], framesPerSecond: number): Uint8Array {
  const [first] = frames
  if (first === undefined) throw new TypeError('a film has a frame')
  const { width, height } = first
  const header = `YUV4MPEG2 W${width} H${height} F${framesPerSecond}:1 Ip A1:1 C420jpeg\n`
  const colour = Buffer.alloc((width * height) / 2, GREY)
  const parts = frames.flatMap(({ luma }) => [Buffer.from('FRAME\n'), luma, colour])
  return Buffer.concat([Buffer.from(header), ...parts])
}
