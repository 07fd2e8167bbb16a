import { now } from '@netcert/page/clock'
import { inLanguage, type Language, language } from '../texts/language.js'
import { lockTexts } from '../texts/lock.js'
import { secondWord } from '../texts/spoken-times.js'
import { type RefusalSentence, refusalSentence } from '../errors/refusal-sentence.js'
import { LockError } from './lock-error.js'

/** Why nothing was opened or set; what nobody foresaw, a full disk for one, gets a general sentence. */
export function lockRefusal(error: unknown): RefusalSentence {
  if (!(error instanceof LockError)) return refusalSentence(error)
  return { code: error.code, text: refusalText(error) }
}

/** Why the wallet stays closed, how long to wait, and what another wrong PIN would come to. */
function refusalText({ code, waitUntil, triesLeft }: LockError): string {
  const text = inLanguage(lockTexts)
  const said = [text.refused[code]]
  const seconds = waitUntil === null ? 0 : Math.ceil((waitUntil.getTime() - now().getTime()) / 1000)
  if (waitUntil !== null && seconds > 0) {
    const time = secondWord(waitUntil)
    said.push(text.wait(waitWords(seconds, language.value), time))
  }
  if (triesLeft !== null) said.push(text.triesLeft(triesLeft))
  return said.join(' ')
}

const UNITS = [
  [3_600, 'hour'],
  [60, 'minute'],
] as const

/** How long to wait, rounded up: whoever comes then does not come too early. */
export function waitWords(seconds: number, spoken: Language): string {
  const [size, unit] = UNITS.find(([it]) => seconds >= it) ?? [1, 'second' as const]
  const form = new Intl.NumberFormat(spoken, { style: 'unit', unit, unitDisplay: 'long' })
  return form.format(Math.ceil(seconds / size))
}
