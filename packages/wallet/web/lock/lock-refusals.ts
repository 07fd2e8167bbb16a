import { now } from '@netcert/page/clock'
import { inLanguage, language } from '../texts/language.js'
import { lockTexts } from '../texts/lock.js'
import type { LockError } from './lock-error.js'

/** Why the wallet stays closed, in the language of the page. */
export function refusalText({ code, waitUntil }: LockError): string {
  const { refused, until } = inLanguage(lockTexts)
  const why = refused[code]
  if (waitUntil === null || waitUntil <= now()) return why
  const time = new Intl.DateTimeFormat(language.value, { timeStyle: 'medium' }).format(waitUntil)
  return `${why} ${until(time)}`
}
