import type { Readable } from 'node:stream'

/** A line beyond this is no code, whoever typed it. */
const MOST_CHARACTERS = 8_192
const INTERRUPT = '\u0003'

/**
 * What a scanner that acts as a keyboard sends, code by code: each ends with Enter or a tab. A line
 * that is too long is cut, so that it is refused as what it is. Ends with the stream, or at Ctrl-C
 * where the terminal hands that on.
 */
export async function* scannedLines(stream: Readable): AsyncGenerator<string> {
  let held = ''
  stream.setEncoding('utf8')
  for await (const chunk of stream) {
    const parts = String(chunk).split(/[\r\n\t]/)
    for (const [at, part] of parts.entries()) {
      const [typed = '', ...rest] = part.split(INTERRUPT)
      held = (held + typed).slice(0, MOST_CHARACTERS)
      if (rest.length > 0) return
      if (at === parts.length - 1) break
      if (held.trim() !== '') yield held
      held = ''
    }
  }
  if (held.trim() !== '') yield held
}
