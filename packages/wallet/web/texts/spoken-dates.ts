import { dateForms, language } from './language.js'

/** A day, in the language of the page: 2026年11月22日, 22 November 2026. */
export function dayWord(date: Date): string {
  return new Intl.DateTimeFormat(dateForms[language.value], { dateStyle: 'long' }).format(date)
}

/** A day and the time, its hours from 0 as everywhere on the page. */
export function timeWord(date: Date): string {
  return new Intl.DateTimeFormat(dateForms[language.value], {
    dateStyle: 'medium',
    timeStyle: 'short',
  }).format(date)
}

/** Digits in groups of four, as they are read out: 3101 0519 9001. */
export function grouped(digits: string): string {
  return digits.replaceAll(/(.{4})(?=.)/g, '$1 ')
}
