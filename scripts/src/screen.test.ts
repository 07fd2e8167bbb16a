import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createProgress, progressLine } from './progress.js'
import { createScreen, padded, styled, wrapped } from './screen.js'

function stream(isTTY: boolean) {
  const chunks: string[] = []
  const through = Object.assign(new PassThrough(), { isTTY, columns: 80, hasColors: () => isTTY })
  through.setEncoding('utf8').on('data', (text: string) => chunks.push(text))
  return { stream: through as unknown as NodeJS.WriteStream, text: () => chunks.join('') }
}

// Whoever runs the tests may have asked for no colours.
beforeEach(() => {
  vi.stubEnv('NO_COLOR', undefined)
})
afterEach(() => {
  vi.unstubAllEnvs()
})

describe('a screen', () => {
  it('makes everything printable, styled or not', () => {
    const out = stream(false)
    const screen = createScreen({ json: false, out: out.stream, err: out.stream })
    screen.line('a\u001b]0;x\u0007', styled('red', 'b\u202e'))
    expect(out.text()).toBe('a\\u{1b}]0;x\\u{7}b\\u{202e}\n')
  })

  it('styles on a terminal only', () => {
    const out = stream(true)
    createScreen({ json: false, out: out.stream, err: out.stream }).line(styled('red', 'x'))
    expect(out.text()).toBe('\u001b[31mx\u001b[39m\n')
  })

  it('writes results and nothing else in JSON mode', () => {
    const out = stream(true)
    const screen = createScreen({ json: true, out: out.stream, err: out.stream })
    screen.line('for people')
    screen.note('for people')
    screen.result({ name: 'a\u0085\u202e' })
    expect(out.text()).toBe('{"name":"a\\u0085\\u202e"}\n')
  })
})

describe('progress', () => {
  it('writes nothing into a pipe or beside JSON', () => {
    for (const [isTTY, json] of [
      [false, false],
      [true, true],
    ] as const) {
      const err = stream(isTTY)
      const progress = createProgress({ label: 'x', total: 2, stream: err.stream, json })
      progress.update(1)
      progress.end()
      expect(err.text()).toBe('')
    }
  })

  it('shows how far it is, and wipes it', () => {
    const err = stream(true)
    const progress = createProgress({ label: 'x', total: 2, stream: err.stream, json: false })
    progress.update(1)
    progress.end()
    const bar = `${'█'.repeat(10)}${'░'.repeat(10)}`
    expect(err.text()).toBe(`\r\u001b[2Kx  ${bar}  1 of 2\r\u001b[2K`)
  })

  it('says how long it will take', () => {
    expect(progressLine('x', 1_000, 4_000, 10_000)).toContain('100/s  30 s left')
    expect(progressLine('x', 1_000, undefined, 100)).toBe('x  1,000')
  })
})

describe('wrapped', () => {
  it('breaks at spaces, and between Han characters', () => {
    expect(wrapped('one two three', 8)).toEqual(['one two', 'three'])
    expect(wrapped('凭证在签发之后被改动', 8)).toEqual(['凭证在签', '发之后被', '改动'])
  })
})

describe('padded', () => {
  it('counts columns, not characters', () => {
    expect(padded('网络', 6)).toBe('网络  ')
  })
})
