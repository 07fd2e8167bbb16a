import { dateForms, language } from './language.js'

/** A number, grouped. */
export function numberWord(value: number): string {
  return new Intl.NumberFormat(language.value).format(value)
}

/** A time of day, to the second. */
export function secondWord(at: Date): string {
  return format(at, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })
}

/** A time of day, to the minute. */
export function minuteWord(at: Date): string {
  return format(at, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
}

/** A day of the week, with its date. */
export function weekdayWord(at: Date): string {
  return format(at, { year: 'numeric', month: 'long', day: 'numeric', weekday: 'long' })
}

const STEPS = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
] as const

/** How long ago, in the largest whole unit. */
export function agoWord(at: Date, now: Date): string {
  const seconds = Math.max(0, Math.round((now.getTime() - at.getTime()) / 1000))
  const [size, unit] = STEPS.find(([it]) => seconds >= it) ?? [1, 'second']
  const form = new Intl.RelativeTimeFormat(language.value, { numeric: 'auto' })
  return form.format(-Math.floor(seconds / size), unit)
}

function format(at: Date, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(dateForms[language.value], options).format(at)
}
