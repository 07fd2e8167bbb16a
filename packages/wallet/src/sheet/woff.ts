import { inflateSync } from 'node:zlib'

const WOFF = 0x774f4646
const ENTRY_BYTES = 20
const HEADER_BYTES = 44
const SFNT_HEADER_BYTES = 12
const SFNT_ENTRY_BYTES = 16
/** The largest font anybody would put beside a program. */
const MAX_FONT_BYTES = 32 * 1024 * 1024

/**
 * A font out of its WOFF 1.0 wrapping: each table by itself is compressed with zlib. The PDF library
 * reads that form too, but inflates a table for every look at it: five seconds for a page.
 *
 * @throws TypeError for what is no WOFF file
 * @see W3C WOFF 1.0 §3 to §5
 */
export function unpackWoff(woff: Uint8Array): Uint8Array {
  const from = Buffer.from(woff.buffer, woff.byteOffset, woff.byteLength)
  if (from.length < HEADER_BYTES || from.readUInt32BE(0) !== WOFF) throw notWoff()
  const count = from.readUInt16BE(12)
  const size = from.readUInt32BE(16)
  if (size > MAX_FONT_BYTES || HEADER_BYTES + count * ENTRY_BYTES > from.length) throw notWoff()
  const font = Buffer.alloc(size)
  writeHeader(font, from.readUInt32BE(4), count)
  let at = SFNT_HEADER_BYTES + count * SFNT_ENTRY_BYTES
  for (let index = 0; index < count; index += 1) {
    const { tag, checksum, bytes } = readTable(from, HEADER_BYTES + index * ENTRY_BYTES)
    if (at + bytes.length > size) throw notWoff()
    const entry = SFNT_HEADER_BYTES + index * SFNT_ENTRY_BYTES
    font.writeUInt32BE(tag, entry)
    font.writeUInt32BE(checksum, entry + 4)
    font.writeUInt32BE(at, entry + 8)
    font.writeUInt32BE(bytes.length, entry + 12)
    font.set(bytes, at)
    // Tables begin at multiples of four.
    at += Math.ceil(bytes.length / 4) * 4
  }
  return font
}

function writeHeader(font: Buffer, flavour: number, count: number): void {
  const steps = Math.floor(Math.log2(count))
  const searched = SFNT_ENTRY_BYTES * 2 ** steps
  font.writeUInt32BE(flavour, 0)
  font.writeUInt16BE(count, 4)
  font.writeUInt16BE(searched, 6)
  font.writeUInt16BE(steps, 8)
  font.writeUInt16BE(count * SFNT_ENTRY_BYTES - searched, 10)
}

function readTable(from: Buffer, entry: number) {
  const offset = from.readUInt32BE(entry + 4)
  const packed = from.readUInt32BE(entry + 8)
  const length = from.readUInt32BE(entry + 12)
  if (length > MAX_FONT_BYTES || offset + packed > from.length) throw notWoff()
  const held = from.subarray(offset, offset + packed)
  // §5: a table that compression would not make smaller stands as it is.
  const bytes = packed < length ? inflateSync(held, { maxOutputLength: length }) : held
  if (bytes.length !== length) throw notWoff()
  return { tag: from.readUInt32BE(entry), checksum: from.readUInt32BE(entry + 16), bytes }
}

function notWoff(): TypeError {
  return new TypeError('the font of the printed sheet is no WOFF file')
}
