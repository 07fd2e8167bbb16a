import './forgotten.css'
import { SureButton } from '../design/sheet.js'
import { inLanguage } from '../texts/language.js'
import { lockTexts } from '../texts/lock.js'
import type { WaysIn } from './wallet-lock.js'

/** What is left to whoever cannot open the wallet any more. Out of the way until it is asked for. */
export function Forgotten(props: { readonly ways: WaysIn; readonly onErase: () => void }) {
  const { forgotten: text } = inLanguage(lockTexts)
  const { ways, onErase } = props
  return (
    <details class="forgotten" data-testid="forgotten">
      <summary>{ways.pin ? text.title : text.titlePasskey}</summary>
      <ul>
        {ways.pin ? <li>{text.nobody}</li> : null}
        {ways.pin && ways.passkey ? <li>{text.passkey}</li> : null}
        {text.means.map((words) => (
          <li key={words}>{words}</li>
        ))}
      </ul>
      <div class="actions">
        <SureButton
          testId="erase-closed"
          icon="erase"
          label={text.erase}
          title={text.sureTitle}
          lead={text.sureLead}
          yes={text.yes}
          no={text.no}
          onYes={onErase}
        />
      </div>
    </details>
  )
}
