import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { prepareZXingModule, readBarcodes, type ReaderOptions } from 'zxing-wasm/reader'
import type { Frame } from './picture.js'

/** What the kiosk asks of most frames; it shall be over before the next one comes. */
export const quick: ReaderOptions = {
  formats: ['QRCode'],
  maxNumberOfSymbols: 1,
  tryHarder: false,
  tryRotate: false,
  tryInvert: false,
  tryDownscale: false,
}

/** What it asks of each third frame. */
export const thorough: ReaderOptions = {
  ...quick,
  tryHarder: true,
  tryRotate: true,
  tryInvert: true,
  tryDownscale: true,
}

let isPrepared = false

/** Puts the reader's own WebAssembly in place; by itself it would fetch it from elsewhere. */
export async function prepareReader(): Promise<void> {
  if (isPrepared) return
  const path = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm')
  const bytes = await readFile(path)
  const wasmBinary = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)
  await prepareZXingModule({
    overrides: { wasmBinary: wasmBinary as ArrayBuffer },
    fireImmediately: true,
  })
  isPrepared = true
}

/** A frame as the reader takes it: four bytes a pixel. */
export function imageOf({ width, height, luma }: Frame): ImageData {
  const pixels = new Uint32Array(luma.length)
  // Red, green and blue are the same byte, and opaque.
  for (let at = 0; at < luma.length; at += 1) pixels[at] = 0xff000000 + (luma[at] ?? 0) * 0x010101
  const data = new Uint8ClampedArray(pixels.buffer)
  return { data, width, height, colorSpace: 'srgb' }
}

/** Text of the code in an image, or null where none is read. `prepareReader` comes before. */
export async function readImage(image: ImageData, options: ReaderOptions): Promise<string | null> {
  const [found] = await readBarcodes(image, options)
  return found?.isValid === true ? found.text : null
}

/** The same for a frame, looked at thoroughly. */
export const readCode = (frame: Frame): Promise<string | null> =>
  readImage(imageOf(frame), thorough)
