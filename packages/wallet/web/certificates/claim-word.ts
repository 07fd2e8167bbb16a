import type { JsonValue } from '@netcert/credential'
import { dateForms, type Language } from '../texts/language.js'

/**
 * A value of a certificate as it is read: yes and no, days as days, long numbers in groups of four; what
 * has no form of its own as it stands.
 */
export function claimWord(
  value: JsonValue,
  language: Language,
  words: { readonly yes: string; readonly no: string },
): string {
  if (typeof value === 'boolean') return value ? words.yes : words.no
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return spokenText(value, language)
  if (Array.isArray(value)) {
    const separator = language === 'en' ? ', ' : '、'
    return value.map((it) => claimWord(it, language, words)).join(separator)
  }
  return value === null ? '—' : JSON.stringify(value)
}

function spokenText(value: string, language: Language): string {
  const day = new Date(`${value}T00:00:00Z`)
  // What only looks like a day is no reason to show nothing at all.
  if (/^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(day.getTime())) {
    const format = new Intl.DateTimeFormat(dateForms[language], {
      dateStyle: 'long',
      timeZone: 'UTC',
    })
    return format.format(day)
  }
  if (/^(?=.*\d)[\dA-Z]{12,40}$/.test(value)) return value.replaceAll(/(.{4})(?=.)/g, '$1 ')
  return value
}
