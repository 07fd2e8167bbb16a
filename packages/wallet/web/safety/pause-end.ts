/** For how long: so many days, or until the issuer's counter takes it back. */
export type PauseDays = '1' | '7' | 'until'

/** When a pause ends by itself; nothing for one that somebody takes back. */
export type PauseEnd = { readonly until?: Date }

const DAY_MILLISECONDS = 86_400_000

/** When a pause of so many days ends. */
export function pauseEnd(days: PauseDays, now: Date): PauseEnd {
  return days === 'until'
    ? {}
    : { until: new Date(now.getTime() + Number(days) * DAY_MILLISECONDS) }
}
