import type { Language } from '@netcert/page/language'

const MINUTE = 60
const HOUR = 3_600
const DAY = 86_400

/** A length of time in one unit, rounded down: 40 s, 5 min, 3 h, 12 d. */
export function spanText(seconds: number, language: Language): string {
  const zh = language === 'zh-CN'
  const whole = Math.max(0, Math.floor(seconds))
  if (whole < MINUTE) return zh ? `${whole} 秒` : `${whole} s`
  if (whole < HOUR) return count(whole / MINUTE, zh ? '分钟' : 'min')
  if (whole < 2 * DAY) return count(whole / HOUR, zh ? '小时' : 'h')
  return count(whole / DAY, zh ? '天' : 'days')
}

function count(amount: number, unit: string): string {
  return `${Math.floor(amount)} ${unit}`
}

/** A whole number with its groups, in tabular figures by the style sheet. */
export function numberText(amount: number, language: Language): string {
  return new Intl.NumberFormat(language).format(amount)
}

/** Date and time to the minute, the year only where it is another one. */
export function whenText(at: Date, now: Date, language: Language): string {
  const sameYear = at.getFullYear() === now.getFullYear()
  const date: Intl.DateTimeFormatOptions = sameYear
    ? { month: 'short', day: 'numeric' }
    : { year: 'numeric', month: 'short', day: 'numeric' }
  const time: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
  const isToday = sameYear && at.getMonth() === now.getMonth() && at.getDate() === now.getDate()
  return new Intl.DateTimeFormat(language, isToday ? time : { ...date, ...time }).format(at)
}

/** The time of day to the second. */
export function clockText(at: Date, language: Language): string {
  const form = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const
  return new Intl.DateTimeFormat(language, form).format(at)
}
