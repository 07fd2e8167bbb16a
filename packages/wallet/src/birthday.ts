/** Within these seconds of a birthday copies are renewed. */
export const BIRTHDAY_SECONDS = 86_400
/** Ages change at 00:00 Asia/Shanghai, which has kept UTC+8 without summer time since 1991. */
const SHANGHAI_SECONDS = 8 * 3600

/**
 * When the next birthday begins, in seconds since 1970; 29 February falls on 1 March in common years.
 *
 * @param birthdate - `YYYY-MM-DD`.
 * @returns null when this is no date.
 */
export function nextBirthday(birthdate: unknown, now: number): number | null {
  const found = typeof birthdate === 'string' ? /^\d{4}-(\d\d)-(\d\d)$/.exec(birthdate) : null
  if (found === null || Number.isNaN(Date.parse(String(birthdate)))) return null
  const [month, day] = [Number(found[1]), Number(found[2])]
  const year = new Date((now + SHANGHAI_SECONDS) * 1000).getUTCFullYear()
  const thisYear = birthdayIn(year, month, day)
  return thisYear > now ? thisYear : birthdayIn(year + 1, month, day)
}

/** `Date.UTC` turns 29 February of a common year into 1 March. */
function birthdayIn(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / 1000 - SHANGHAI_SECONDS
}
