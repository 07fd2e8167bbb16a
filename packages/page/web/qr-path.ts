import { create } from 'qrcode'

/** A QR code as one SVG path: a unit is a module, the quiet zone is in it. */
export type QrPath = { readonly path: string; readonly size: number; readonly version: number }

/** What the standard asks for around a code. */
const QUIET = 4

/**
 * Draws a text as a QR code with error correction L; what is in Base45 becomes alphanumeric by
 * itself, as that is the shortest.
 */
export function qrPath(text: string): QrPath {
  const { modules, version } = create(text, { errorCorrectionLevel: 'L' })
  const { size, data } = modules
  let path = ''
  for (let row = 0; row < size; row += 1) {
    let column = 0
    while (column < size) {
      const start = column
      while (column < size && data[row * size + column] === 1) column += 1
      if (column > start)
        path += `M${start + QUIET} ${row + QUIET}h${column - start}v1h${start - column}z`
      else column += 1
    }
  }
  return { path, size: size + 2 * QUIET, version }
}
