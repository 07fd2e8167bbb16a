import { wrongUse } from './failure.js'
import { writeNewBytes } from './write-output.js'

/** Light around a code, which scanners need (ISO/IEC 18004 §6.3.8). */
const QUIET_MODULES = 4
const PIXELS_A_MODULE = 8

/** The form of a file for a QR code, by its name. @throws CommandFailure for another one */
export function qrFileForm(path: string): 'png' | 'svg' {
  const form = /\.(png|svg)$/i.exec(path)?.[1]?.toLowerCase()
  if (form === 'png' || form === 'svg') return form
  throw wrongUse('A QR code is written as PNG or SVG.', 'Let the name end with .png or .svg.')
}

/** Writes a text as a QR code into a new file. */
export async function writeQrFile(path: string, text: string): Promise<void> {
  const { toBuffer, toString } = await import('qrcode')
  const look = { errorCorrectionLevel: 'L', margin: QUIET_MODULES } as const
  const bytes =
    qrFileForm(path) === 'png'
      ? await toBuffer(text, { ...look, type: 'png', scale: PIXELS_A_MODULE })
      : new TextEncoder().encode(await toString(text, { ...look, type: 'svg' }))
  await writeNewBytes(path, bytes)
}
