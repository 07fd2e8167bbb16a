import type { Readable } from 'node:stream'

/**
 * The lines of a stream of UTF-8 text, as they come. A line beyond the limit is passed over without
 * being kept, and given as `null`.
 */
export async function* boundedLines(
  stream: Readable,
  maxCharacters: number,
): AsyncGenerator<string | null> {
  let held = ''
  let tooLong = false
  stream.setEncoding('utf8')
  for await (const chunk of stream) {
    const parts = String(chunk).split('\n')
    for (const [at, part] of parts.entries()) {
      held = tooLong ? '' : held + part
      tooLong ||= held.length > maxCharacters
      if (at === parts.length - 1) break
      yield tooLong ? null : held
      held = ''
      tooLong = false
    }
  }
  if (tooLong) yield null
  else if (held !== '') yield held
}
