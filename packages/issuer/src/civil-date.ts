/** A day of the calendar, `YYYY-MM-DD`. Compares correctly as text. */
export type CivilDate = string

/** Asia/Shanghai is UTC+8 all year; it has had no summer time since 1991. */
const SHANGHAI_OFFSET_SECONDS = 8 * 3600

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** The day it is in Asia/Shanghai at `instant`. */
export function civilDateAt(instant: Date): CivilDate {
  return new Date(instant.getTime() + SHANGHAI_OFFSET_SECONDS * 1000).toISOString().slice(0, 10)
}

/** Reads `YYYY-MM-DD` of a day that exists; anything else is `undefined`. */
export function parseCivilDate(text: string): CivilDate | undefined {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (parts === null) return undefined
  const year = Number(parts[1])
  const month = Number(parts[2])
  const day = Number(parts[3])
  const longest = month === 2 && isLeapYear(year) ? 29 : DAYS_IN_MONTH[month - 1]
  if (longest === undefined || day < 1 || day > longest) return undefined
  return text
}

/**
 * Full years of age on `today`.
 *
 * Someone born on 29 February turns on 1 March in common years: such a year has no `02-29` to
 * compare with, so plain text order gives exactly that.
 */
export function ageOn(birthdate: CivilDate, today: CivilDate): number {
  const years = Number(today.slice(0, 4)) - Number(birthdate.slice(0, 4))
  return today.slice(5) >= birthdate.slice(5) ? years : years - 1
}

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
}
