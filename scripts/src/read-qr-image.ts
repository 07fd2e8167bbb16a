import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { CommandFailure, exitCodes } from './failure.js'
import { openInput } from './read-input.js'

const MAX_IMAGE_BYTES = 32 * 1024 * 1024
/** More than any phone's picture; the reader would need four bytes for each. */
const MAX_PIXELS = 64_000_000
const PNG_HEADER = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

/**
 * Reads the one QR code with a beginning in a PNG picture. The reader comes with the command; nothing
 * is fetched.
 *
 * @param prefix - What the text begins with; other codes in the picture are not looked at.
 * @throws CommandFailure `image_unreadable`, `qr_missing`, and as `openInput`
 */
export async function readQrImage(path: string, prefix: string): Promise<string> {
  const bytes = await readPng(path)
  const { prepareZXingModule, readBarcodes } = await import('zxing-wasm/reader')
  // By itself the library would fetch this file from a network that hands out packages.
  const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm')
  const { buffer } = Uint8Array.from(await readFile(wasm))
  prepareZXingModule({ overrides: { wasmBinary: buffer } })
  const { withoutNetwork } = await import('./network-guard.js')
  const wanted = { formats: ['QRCode' as const], maxNumberOfSymbols: 16 }
  const found = await withoutNetwork(() => readBarcodes(bytes, wanted))
  const texts = new Set(found.map(({ text }) => text).filter((text) => text.startsWith(prefix)))
  const [text, ...more] = texts
  if (text !== undefined && more.length === 0) return text
  throw new CommandFailure('qr_missing', problemOf(more.length, prefix), {
    exit: exitCodes.refused,
    cure: 'Take the picture closer and straight, with the whole code and its white frame in it.',
  })
}

function problemOf(more: number, prefix: string): string {
  return more > 0
    ? `The picture has more than one ${prefix} code.`
    : `No ${prefix} code can be read in the picture.`
}

async function readPng(path: string): Promise<Uint8Array> {
  const limit = { path, what: 'The picture', limitBytes: MAX_IMAGE_BYTES }
  const file = await openInput(limit)
  try {
    const bytes = await file.readFile()
    const isPng = bytes.length > 24 && PNG_HEADER.every((byte, at) => bytes[at] === byte)
    if (!isPng || bytes.readUInt32BE(16) * bytes.readUInt32BE(20) > MAX_PIXELS) throw notPng()
    return bytes
  } finally {
    await file.close()
  }
}

function notPng(): CommandFailure {
  return new CommandFailure(
    'image_unreadable',
    'The picture is no PNG file of at most 64 megapixels.',
    {
      exit: exitCodes.wrongUse,
      cure: 'Save it as PNG, or scan the code and give its text.',
    },
  )
}
