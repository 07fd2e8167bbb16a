import type { GatePreview } from '@netcert/wallet/rules'
import { Notice } from '../design/controls.js'
import { timeWord } from '../texts/spoken-dates.js'
import { gateTexts } from '../texts/gate.js'
import { inLanguage } from '../texts/language.js'

/** What to heed before a gate is answered; mostly nothing. */
export function GateWarnings({ preview }: { readonly preview: GatePreview }) {
  const text = inLanguage(gateTexts)
  const { clocks, isPoster, verifier } = preview
  const known = verifier.accredited === false ? null : verifier.accredited
  return (
    <>
      {isPoster ? (
        <Notice kind="warn" testId="poster">
          {text.poster}
        </Notice>
      ) : null}
      {clocks === null ? null : (
        <Notice kind="warn" testId="clocks">
          {text.clocks(timeWord(clocks.own), timeWord(clocks.gate))}
        </Notice>
      )}
      {known === null || known.status === 'good' ? null : (
        <Notice kind="warn" testId="status-unknown">
          {text.statusUnknown}
        </Notice>
      )}
      {known === null || known.nameWarning === null ? null : (
        <Notice kind="warn" testId="name-warning">
          {text.nameWarning}
        </Notice>
      )}
    </>
  )
}
