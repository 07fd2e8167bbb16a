import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { prepareZXingModule, readBarcodes, type ReaderOptions } from 'zxing-wasm/reader'
import type { Frame } from './picture.js'

/** A gate looks for one QR code; it may stand on its head, and is never white on black. */
export const gateReading: ReaderOptions = {
  formats: ['QRCode'],
  tryHarder: true,
  tryInvert: false,
  maxNumberOfSymbols: 1,
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

/** Text of the code in a frame, or null where none is read. `prepareReader` comes before. */
export async function readCode(frame: Frame, options = gateReading): Promise<string | null> {
  // Red, green and blue are the same byte, and opaque.
  const pixels = Uint32Array.from(frame.luma, (byte) => (0xff000000 | (byte * 0x010101)) >>> 0)
  const data = new Uint8ClampedArray(pixels.buffer)
  const image = { data, width: frame.width, height: frame.height, colorSpace: 'srgb' as const }
  const [found] = await readBarcodes(image, options)
  return found?.isValid === true ? found.text : null
}
