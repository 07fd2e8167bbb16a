import { now } from '@netcert/page/clock'
import type { EntryBy, LedgerEntry } from '@netcert/verifier/gate'
import { clockText, whenText } from '../texts/amounts.js'
import { language, texts } from '../texts/language.js'

/** Entries, one a row: when, where and how; nothing of whom. */
export function EntryTable({ entries }: { readonly entries: readonly LedgerEntry[] }) {
  const { columnNumber, columnTime, columnPlace, columnBy, gateAndLane } = texts.value
  return (
    <div class="scroll">
      <table class="entries" data-testid="entries">
        <thead>
          <tr>
            {[columnNumber, columnTime, columnPlace, columnBy].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={`${entry.ledger} ${entry.number}`}>
              <td>{entry.number}</td>
              <td>{timeText(entry.at)}</td>
              <td>{gateAndLane(entry.gate, entry.lane)}</td>
              <td>{byText(entry.by)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** To the second today, to the minute before. */
function timeText(at: Date): string {
  const today = now()
  const isToday = at.toDateString() === today.toDateString()
  return isToday ? clockText(at, language.value) : whenText(at, today, language.value)
}

export function byText(by: EntryBy): string {
  const { byChallenge, byPoster, byPaper } = texts.value
  return { challenge: byChallenge, poster: byPoster, paper: byPaper }[by]
}
