import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'

/** A grey picture: one byte a pixel, 0 is black. */
export type GreyPicture = {
  readonly width: number
  readonly height: number
  readonly grey: Uint8Array
}

let prepared: Promise<void> | null = null

/** The library's own copy lies beside it; nothing is fetched. */
function prepare(): Promise<void> {
  prepared ??= (async () => {
    const file = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm')
    const { buffer } = new Uint8Array(await readFile(file))
    prepareZXingModule({ overrides: { wasmBinary: buffer } })
  })()
  return prepared
}

/** The texts of all QR codes in a picture, as a camera's reader finds them; the order says nothing. */
export async function readQrCodes(picture: Uint8Array | GreyPicture): Promise<readonly string[]> {
  await prepare()
  const found = await readBarcodes(picture instanceof Uint8Array ? picture : rgbaOf(picture), {
    formats: ['QRCode'],
    maxNumberOfSymbols: 32,
  })
  return found.map(({ text }) => text)
}

function rgbaOf({ width, height, grey }: GreyPicture): ImageData {
  const data = new Uint8ClampedArray(width * height * 4).fill(255)
  for (const [at, value] of grey.entries()) data.fill(value, at * 4, at * 4 + 3)
  return { width, height, data, colorSpace: 'srgb' } as ImageData
}
