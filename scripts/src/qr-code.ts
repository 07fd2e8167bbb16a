import type { Screen } from './screen.js'

/**
 * Draws a link as a QR code for a phone to read: on the terminal of whoever waits for it, and nowhere
 * else. Where results are JSON, it goes to standard error.
 */
export async function drawQrCode(screen: Screen, link: string): Promise<void> {
  const stream = screen.json ? process.stderr : process.stdout
  if (!stream.isTTY) return
  const { toString } = await import('qrcode')
  // Dark on light in any terminal: the colours are set, not taken from it.
  const options = { type: 'terminal', small: true, errorCorrectionLevel: 'L' } as const
  stream.write(`${await toString(link, options)}\n`)
}
