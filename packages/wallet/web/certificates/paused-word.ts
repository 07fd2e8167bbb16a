import type { CertificatePause } from '@netcert/wallet/rules'
import { inLanguage } from '../texts/language.js'
import { pauseTexts } from '../texts/pause.js'
import { timeWord } from '../texts/spoken-dates.js'

/** That certificates are paused, until when, and who takes it back. */
export function pausedWord({ by, until }: CertificatePause): string {
  const { paused } = inLanguage(pauseTexts)
  if (until !== null) return paused.until(timeWord(until))
  return by === 'list' ? paused.list : paused.open
}
