import { expect, it } from 'vitest'
import { qrPath } from './qr-path.js'

/** Which modules a path paints, `1` for dark. */
function painted(path: string, size: number): string {
  const cells = Array.from({ length: size * size }, () => '0')
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-(\d+)z/g)) {
    for (let step = 0; step < Number(width); step += 1) {
      cells[Number(y) * size + Number(x) + step] = '1'
    }
  }
  return cells.join('')
}

it('paints a code with its quiet zone, and its finder patterns where they belong', () => {
  const { path, size } = qrPath('NCC1:HELLO')
  const cells = painted(path, size)
  const row = (y: number) => cells.slice(y * size, (y + 1) * size)
  expect(row(3)).toBe('0'.repeat(size))
  expect(row(4).slice(0, 12)).toMatch(/^00001111111/)
  expect(row(4).slice(-12)).toMatch(/11111110000$/)
  expect(row(5).slice(0, 11)).toBe('00001000001')
})

it('takes Base45 in alphanumeric mode: 643 characters of a challenge are version 14', () => {
  expect(qrPath(`NCC1:${'A1 $%*+-./:'.repeat(58)}`).version).toBe(14)
  expect(qrPath(`ncc1:${'a1 $%*+-./:'.repeat(58)}`).version).toBeGreaterThan(16)
})
