import type { DoubleEntry } from '@netcert/verifier/gate'
import type { Merge } from '../gate/ledger-desk.js'
import { EntryTable } from '../parts/entry-table.js'
import { Icon } from '../parts/icon.js'
import { numberText } from '../texts/amounts.js'
import { language, texts } from '../texts/language.js'

/** What opened the event twice, for people to look into. */
export function MergeFound({ found }: { readonly found: Merge }) {
  const { ledgerMerged, ledgerTwice, ledgerTwiceNone, ledgerForked } = texts.value
  const { doubles, forked, entries, files } = found
  const which = language.value
  return (
    <div
      class="stack"
      data-testid="ledger-merged"
      data-twice={doubles.length}
      data-forked={forked.length}
    >
      <p>{ledgerMerged(numberText(entries, which), numberText(files, which))}</p>
      <p class={doubles.length === 0 ? 'note good' : 'note warn'}>
        <Icon name={doubles.length === 0 ? 'check' : 'warning'} />
        <span>
          {doubles.length === 0 ? ledgerTwiceNone : ledgerTwice(numberText(doubles.length, which))}
        </span>
      </p>
      {forked.length === 0 ? null : (
        <p class="note bad">
          <Icon name="warning" />
          <span>{ledgerForked}</span>
        </p>
      )}
      {doubles.map((double) => (
        <Twice key={double.entries[0]?.hash} double={double} />
      ))}
    </div>
  )
}

function Twice({ double }: { readonly double: DoubleEntry }) {
  const { twicePass, twicePerson, twiceSameCode } = texts.value
  return (
    <div>
      <strong>
        {double.of === 'pass' ? twicePass : twicePerson}
        {double.sameCode ? ` · ${twiceSameCode}` : ''}
      </strong>
      <EntryTable entries={double.entries} />
    </div>
  )
}
