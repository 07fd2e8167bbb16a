import { create } from 'qrcode'
import { createPicture, type Picture } from './picture.js'

const QUIET_MODULES = 4
/** A screen's black is not none, and its white not all there is. */
const DARK = 0.03
const BRIGHT = 0.85

/** Version and modules across, as error correction L and alphanumeric mode give them. */
export function qrSize(text: string): { readonly version: number; readonly modules: number } {
  const { version, modules } = create([{ data: text, mode: 'alphanumeric' }], {
    errorCorrectionLevel: 'L',
  })
  return { version, modules: modules.size }
}

/**
 * The lit screen of a phone with a QR code on it, one grid point a module, quiet zone included.
 *
 * @throws Error when the text has letters beyond the alphanumeric mode or does not fit.
 */
export function qrScreen(text: string): Picture {
  return screenOf([{ data: text, mode: 'alphanumeric' }])
}

/** The same of any text, in the modes that suit it: a link, for example. */
export function linkScreen(text: string): Picture {
  return screenOf(text)
}

function screenOf(content: Parameters<typeof create>[0]): Picture {
  const { modules } = create(content, { errorCorrectionLevel: 'L' })
  const side = modules.size + 2 * QUIET_MODULES
  const screen = createPicture(side, side, BRIGHT)
  for (let row = 0; row < modules.size; row += 1)
    for (let column = 0; column < modules.size; column += 1)
      if (modules.get(row, column))
        screen.light[(row + QUIET_MODULES) * side + column + QUIET_MODULES] = DARK
  return screen
}
