import type { Disclosure } from './ledger.js'
import type { LedgerBook } from './ledger-book.js'

/** How often somebody got something before, about one person, and when last; null: this is the first time. */
export type ShownBefore = { readonly times: number; readonly last: Date | null }

/** Of whom it is asked: an accredited platform, or whoever has this client identifier. */
export type KnownParty = { readonly platformId: string | null; readonly audience: string }

/** An answer of several certificates writes a line for each: so close after one another at most. */
const ONE_ANSWER_SECONDS = 2

/**
 * How often somebody got something before, from the ledger alone: nobody is asked. A platform is known
 * again by the identifier its registrar vouches for, whatever key it asks with; anybody else by the
 * identifier that presentations are made for.
 *
 * @param ward - The child it is about; null: the citizen. What was shown of others is not counted.
 */
export async function shownBefore(
  ledger: LedgerBook,
  party: KnownParty,
  ward: string | null,
): Promise<ShownBefore> {
  const lines = await ledger.disclosuresTo(party, ward)
  return { times: countAnswers(lines), last: lines[0]?.disclosedAt ?? null }
}

/** Lines are newest first. Those of one answer follow one another; nobody is asked twice so fast. */
function countAnswers(lines: readonly Disclosure[]): number {
  const isOfNext = ({ disclosedAt }: Disclosure, at: number) => {
    const next = lines[at - 1]?.disclosedAt ?? null
    return next !== null && next.getTime() - disclosedAt.getTime() <= ONE_ANSWER_SECONDS * 1000
  }
  return lines.filter((line, at) => !isOfNext(line, at)).length
}
