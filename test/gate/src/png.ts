import { crc32, deflateSync, inflateSync } from 'node:zlib'
import type { Frame } from './picture.js'

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

function chunk(name: string, body: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), body])
  const out = Buffer.alloc(named.length + 8)
  out.writeUInt32BE(body.length, 0)
  named.copy(out, 4)
  out.writeUInt32BE(crc32(named), named.length + 4)
  return out
}

/** A grey PNG, for looking at a frame. */
export function encodePng({ width, height, luma }: Frame): Uint8Array {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  // Eight bits, grey; compression, filter and interlace as everybody has them.
  header.set([8, 0, 0, 0, 0], 8)
  const rows = Buffer.alloc((width + 1) * height)
  for (let row = 0; row < height; row += 1)
    rows.set(luma.subarray(row * width, (row + 1) * width), row * (width + 1) + 1)
  const parts = [
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', rows.subarray(0, 0)),
  ]
  return Buffer.concat([SIGNATURE, ...parts])
}

/**
 * Brightness of a screenshot (8 bits, RGB or RGBA, not interlaced, as Chromium writes them).
 *
 * @throws Error for any other PNG.
 */
export function decodeScreenshot(png: Uint8Array): Frame {
  const bytes = Buffer.from(png.buffer, png.byteOffset, png.byteLength)
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]
  const [depth, colour, interlace] = [bytes[24], bytes[25], bytes[28]]
  if (depth !== 8 || (colour !== 2 && colour !== 6) || interlace !== 0)
    throw new Error('not a screenshot of Chromium')
  const pixelBytes = colour === 2 ? 3 : 4
  const rows = inflateSync(Buffer.concat(imageData(bytes)))
  unfilter(rows, width * pixelBytes, pixelBytes)
  const luma = new Uint8Array(width * height)
  for (let at = 0; at < luma.length; at += 1) {
    const from = Math.floor(at / width) * (width * pixelBytes + 1) + 1 + (at % width) * pixelBytes
    const [red, green, blue] = [rows[from] ?? 0, rows[from + 1] ?? 0, rows[from + 2] ?? 0]
    luma[at] = Math.round(0.299 * red + 0.587 * green + 0.114 * blue)
  }
  return { width, height, luma }
}

function imageData(bytes: Buffer): Buffer[] {
  const parts: Buffer[] = []
  for (let at = SIGNATURE.length; at < bytes.length; at += bytes.readUInt32BE(at) + 12)
    if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at)))
  return parts
}

/** PNG §9: each byte was written as its distance from a guess by its neighbours. */
function unfilter(rows: Buffer, rowBytes: number, pixelBytes: number): void {
  for (let start = 0; start < rows.length; start += rowBytes + 1) {
    const filter = rows[start]
    for (let at = start + 1; at <= start + rowBytes; at += 1) {
      const isFirst = at - start <= pixelBytes
      const left = isFirst ? 0 : (rows[at - pixelBytes] ?? 0)
      const up = start === 0 ? 0 : (rows[at - rowBytes - 1] ?? 0)
      const corner = isFirst || start === 0 ? 0 : (rows[at - rowBytes - 1 - pixelBytes] ?? 0)
      const guesses = [0, left, up, (left + up) >> 1, paeth(left, up, corner)]
      rows[at] = ((rows[at] ?? 0) + (guesses[filter ?? 0] ?? 0)) & 255
    }
  }
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner
  const [dl, du, dc] = [guess - left, guess - up, guess - corner].map(Math.abs) as [
    number,
    number,
    number,
  ]
  if (dl <= du && dl <= dc) return left
  return du <= dc ? up : corner
}
