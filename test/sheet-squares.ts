import { inflateSync } from 'node:zlib'
import type { GreyPicture } from './qr-reading.js'

/** The squares of a printed sheet as they stand in its page, three pixels a point: what every viewer draws. */
export function squaresOf(pdf: Uint8Array): GreyPicture {
  const scale = 3
  const [width, height] = [596 * scale, 842 * scale]
  const grey = new Uint8Array(width * height).fill(255)
  const number = String.raw`(-?[\d.]+)`
  const squares = new RegExp(`^${number} ${number} ${number} ${number} re$`, 'gm')
  for (const [, ...found] of pageText(pdf).matchAll(squares)) {
    const [x = 0, y = 0, w = 0, h = 0] = found.map((part) => Number(part) * scale)
    // The frame around the bearer's words is none.
    if (w > 30) continue
    for (let row = Math.round(y); row < Math.round(y + h); row += 1) {
      grey.fill(0, row * width + Math.round(x), row * width + Math.round(x + w))
    }
  }
  return { width, height, grey }
}

/** The drawing commands of the page: the only stream that begins with its turning upside down. */
function pageText(pdf: Uint8Array): string {
  const file = Buffer.from(pdf)
  for (let at = file.indexOf('stream\n'); at !== -1; at = file.indexOf('stream\n', at + 7)) {
    const text = inflated(file.subarray(at + 7))
    if (text.startsWith('1 0 0 -1')) return text
  }
  throw new TypeError('the PDF file has no page')
}

function inflated(bytes: Uint8Array): string {
  try {
    return inflateSync(bytes).toString('latin1')
  } catch {
    return ''
  }
}
