import { expect, it } from 'vitest'
import { fileDay } from './saved-file.js'

it('names a file by the day of the device, which in the morning is not yet that of Greenwich', () => {
  expect(fileDay(new Date(2026, 0, 5, 0, 30))).toBe('2026-01-05')
  expect(fileDay(new Date(2026, 10, 22, 23, 59))).toBe('2026-11-22')
})
