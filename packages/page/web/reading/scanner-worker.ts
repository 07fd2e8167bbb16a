/** Reads codes from pictures, beside the page, so that the screen never waits for it. */
import { prepareZXingModule, readBarcodes, type ReaderOptions } from 'zxing-wasm/reader'
import binary from 'zxing-wasm/reader/zxing_reader.wasm?url'
import type { ReadAnswer, ReadOrder } from './read-messages.js'

// The library's own default is an address of somebody else. Ready before the first frame: compiling takes
// long on a small device, and the first in the row would wait for it.
void prepareZXingModule({ overrides: { locateFile: () => binary }, fireImmediately: true })

/** Every frame: quick. A code held still is read by the next thorough one at the latest. */
const quick: ReaderOptions = {
  formats: ['QRCode'],
  maxNumberOfSymbols: 1,
  tryHarder: false,
  tryRotate: false,
  tryInvert: false,
  tryDownscale: false,
}
const thorough: ReaderOptions = {
  ...quick,
  tryHarder: true,
  tryRotate: true,
  tryInvert: true,
  tryDownscale: true,
}
/** One frame in so many is looked at thoroughly. */
const THOROUGH_EVERY = 3

const canvas = new OffscreenCanvas(1, 1)
const context = canvas.getContext('2d', { willReadFrequently: true })
let frames = 0

addEventListener('message', ({ data }: MessageEvent<ReadOrder>) => {
  void answer(data)
})

async function answer(order: ReadOrder): Promise<void> {
  const reply: ReadAnswer = { id: order.id, ...(await read(order)) }
  postMessage(reply)
}

async function read(order: ReadOrder): Promise<Omit<ReadAnswer, 'id'>> {
  try {
    if (order.what === 'picture') return { text: await firstText(order.picture, thorough) }
    frames += 1
    const options = frames % THOROUGH_EVERY === 0 ? thorough : quick
    return { text: await firstText(pixelsOf(order.frame), options) }
  } catch {
    // A picture that cannot be opened, or a scanner that cannot be loaded: the page tells them apart.
    return { text: null, failed: true }
  }
}

function pixelsOf(frame: ImageBitmap): ImageData {
  const { width, height } = frame
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width
    canvas.height = height
  }
  if (context === null) throw new TypeError('this browser draws nothing in a worker')
  context.drawImage(frame, 0, 0)
  frame.close()
  return context.getImageData(0, 0, width, height)
}

async function firstText(source: ImageData | Blob, options: ReaderOptions): Promise<string | null> {
  const [code] = await readBarcodes(source, options)
  return code === undefined || !code.isValid ? null : code.text
}
