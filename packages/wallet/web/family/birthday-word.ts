import { dateForms, type Language } from '../texts/language.js'

/** A birthday begins at 00:00 in Asia/Shanghai; this is its day there, wherever the device is. */
export function birthdayWord(begins: Date, language: Language): string {
  const format = { dateStyle: 'long', timeZone: 'Asia/Shanghai' } as const
  return new Intl.DateTimeFormat(dateForms[language], format).format(begins)
}
