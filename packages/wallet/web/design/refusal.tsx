import './refusal.css'
import type { RefusalSentence } from '../errors/refusal-sentence.js'
import { errorTexts } from '../texts/errors.js'
import { inLanguage } from '../texts/language.js'
import { Notice } from './controls.js'

/**
 * Why something did not go. Below it, in small print and not read out as an alarm, the code: it stays the
 * same in every language, for whoever is asked for help.
 */
export function Refusal({ code, text }: RefusalSentence) {
  // The sentence of what nobody foresaw names its code already.
  const isNamed = text.includes(code)
  return (
    <>
      <Notice kind="bad" testId="refusal" code={code}>
        {text}
      </Notice>
      {isNamed ? null : (
        <p class="refusal-code" data-testid="refusal-code">
          {inLanguage(errorTexts).forHelp} <code translate={false}>{code}</code>
        </p>
      )}
    </>
  )
}
