import type { Deletion, Disclosure, PlatformNote } from '@netcert/wallet/rules'
import { childWord } from '../family/child-word.js'
import { historyTexts } from '../texts/history.js'
import { inLanguage, language } from '../texts/language.js'
import { dayWord } from '../texts/spoken-dates.js'
import type { Party } from './who-knows.js'

/** What somebody is called: by their registered name, or as nobody registered. */
export function partyName({
  platform,
  ward,
}: Pick<Party, 'ward'> & { readonly platform: Pick<PlatformNote, 'name'> | null }): string {
  const text = inLanguage(historyTexts)
  const name = platform === null ? text.unknown : platform.name[language.value]
  return ward === null ? name : text.forChild(name, childWord(ward.label))
}

/** Until when somebody may keep what they got. */
export function untilWord(platform: PlatformNote | null, got: Date, now: Date): string {
  const text = inLanguage(historyTexts)
  if (platform === null) return text.untilUnknown
  const until = new Date(platform.until * 1000)
  // To the second, as the ledger has it.
  if (until.getTime() - got.getTime() < 1000) return text.keptNothing
  return until < now ? text.untilOver(dayWord(until)) : dayWord(until)
}

/** What became of a receipt. */
export function receiptWord({
  receipt,
  platform,
}: Pick<Disclosure, 'receipt' | 'platform'>): string {
  const { receipts } = inLanguage(historyTexts)
  return receipts[receipt ?? (platform === null ? 'unregistered' : 'none')]
}

/** How a demand to delete stands. */
export function deletionWord({ state, dueAt }: Pick<Deletion, 'state' | 'dueAt'>): string {
  const { deletions } = inLanguage(historyTexts)
  if (state !== 'scheduled') return deletions[state]
  return dueAt === null ? deletions.scheduledSome : deletions.scheduled(dayWord(dueAt))
}
