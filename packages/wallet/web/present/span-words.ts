import type { Language } from '../texts/language.js'

const UNITS = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
] as const

/** A length of time in its largest whole unit, in words. */
export function spanWords(seconds: number, language: Language): string {
  const [size, unit] = UNITS.find(([it]) => seconds >= it) ?? [60, 'minute']
  const form = new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' })
  return form.format(Math.max(1, Math.floor(seconds / size)))
}
