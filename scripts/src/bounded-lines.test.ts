import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { boundedLines } from './bounded-lines.js'

async function linesOf(chunks: readonly (string | Uint8Array)[], limit = 10) {
  const lines: (string | null)[] = []
  const stream = Readable.from(
    chunks.map((chunk) => (typeof chunk === 'string' ? Buffer.from(chunk) : chunk)),
  )
  for await (const line of boundedLines(stream, limit)) lines.push(line)
  return lines
}

describe('bounded lines', () => {
  it('come as they were written, however the text was cut', async () => {
    expect(await linesOf(['a\nb', 'c\n', '\nd'])).toEqual(['a', 'bc', '', 'd'])
    const text = Buffer.from('网证\n')
    expect(await linesOf([text.subarray(0, 2), text.subarray(2)])).toEqual(['网证'])
    expect(await linesOf([])).toEqual([])
  })

  it('are passed over beyond the limit, and the next is read again', async () => {
    const line = (length: number) => `${'x'.repeat(length)}\n`
    expect(await linesOf([line(9), line(10), line(11), 'y\n'])).toEqual([
      ...['x'.repeat(9), 'x'.repeat(10), null, 'y'],
    ])
    expect(await linesOf(['x'.repeat(8), 'x'.repeat(8), '\n', 'z'])).toEqual([null, 'z'])
    expect(await linesOf(['x'.repeat(11)])).toEqual([null])
  })
})
