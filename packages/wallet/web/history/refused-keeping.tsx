import { SureButton } from '../design/sheet.js'
import { refusalSentence } from '../errors/refusal-sentence.js'
import { changed, type Ground, say } from '../shell/ground.js'
import { historyTexts } from '../texts/history.js'
import { inLanguage } from '../texts/language.js'

/** How long requests that got nothing are noted, and their end before that: they say where one was. */
export function RefusedKeeping({ ground }: { readonly ground: Ground }) {
  const text = inLanguage(historyTexts)
  const forget = async () => {
    try {
      await ground.opened.wallet.reports.forgetRefused()
      say(text.forgottenRefused)
    } catch (error) {
      say(refusalSentence(error).text, 'bad')
    }
    changed(ground)
  }
  return (
    <section class="section">
      <p class="hint">{text.refusedNote}</p>
      <div class="actions">
        <SureButton
          testId="forget-refused"
          icon="erase"
          label={text.forgetRefused}
          title={text.forgetRefusedTitle}
          lead={text.forgetRefusedLead}
          yes={text.forgetRefusedYes}
          no={text.forgetRefusedNo}
          onYes={() => void forget()}
        />
      </div>
    </section>
  )
}
