import { create } from 'qrcode'

/** The modules of a QR code, row by row: `1` is dark. The quiet zone is the drawer's. */
export function qrRows(text: string): readonly string[] {
  const { modules } = create(text, { errorCorrectionLevel: 'L' })
  return Array.from({ length: modules.size }, (_, row) =>
    Array.from({ length: modules.size }, (_cell, column) =>
      modules.get(row, column) ? '1' : '0',
    ).join(''),
  )
}
