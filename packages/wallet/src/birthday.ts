import { certificateTypes } from '@netcert/credential'

/** Within these seconds of a birthday copies are renewed. */
export const BIRTHDAY_SECONDS = 86_400
/** Ages change at 00:00 Asia/Shanghai, which has kept UTC+8 without summer time since 1991. */
const SHANGHAI_SECONDS = 8 * 3600

/**
 * The ages at which a certificate begins to say something else. A copy renewed on any other birthday
 * would say nothing new but the birthday itself: its time of issue is there for everybody to see.
 */
const TELLING_AGES: readonly number[] = [
  ...new Set([...certificateTypes.values()].flatMap(({ claims }) => claims.flatMap(agesIn))),
].toSorted((one, other) => one - other)

/**
 * When the next birthday begins that changes what a certificate says, in seconds since 1970;
 * 29 February falls on 1 March in common years.
 *
 * @param birthdate - `YYYY-MM-DD`.
 * @returns null when there is none any more, or this is no date.
 */
export function nextTellingBirthday(birthdate: unknown, now: number): number | null {
  const birthdays = TELLING_AGES.map((age) => birthdayAt(birthdate, age) ?? 0)
  return birthdays.find((begins) => begins > now) ?? null
}

/**
 * When somebody reaches an age, in seconds since 1970: 00:00 Asia/Shanghai of that birthday.
 *
 * @param birthdate - `YYYY-MM-DD`.
 * @returns null when this is no date.
 */
export function birthdayAt(birthdate: unknown, age: number): number | null {
  const found = typeof birthdate === 'string' ? /^(\d{4})-(\d\d)-(\d\d)$/.exec(birthdate) : null
  if (found === null || Number.isNaN(Date.parse(String(birthdate)))) return null
  return birthdayIn(Number(found[1]) + age, Number(found[2]), Number(found[3]))
}

/** `age_equal_or_over.18` and `age_over_18`; the bands of `age_band` begin at some of these. */
function agesIn({ path }: { readonly path: readonly unknown[] }): readonly number[] {
  const found = /^age_(?:equal_or_over\.|over_)(\d+)$/.exec(path.join('.'))
  return found === null ? [] : [Number(found[1])]
}

/** `Date.UTC` turns 29 February of a common year into 1 March. */
function birthdayIn(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / 1000 - SHANGHAI_SECONDS
}
