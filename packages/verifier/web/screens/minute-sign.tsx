import type { MinuteWord } from '../lane/minute-word.js'
import { language, texts } from '../texts/language.js'

/** Word and colour of the minute, the same on the bar and beside each verdict. */
export function MinuteSign({
  word,
  testId,
}: {
  readonly word: MinuteWord
  readonly testId: string
}) {
  const { minuteWord, minuteWordHint } = texts.value
  return (
    <span class="minute" data-testid={testId} data-hue={word.hue} title={minuteWordHint}>
      <span class="minute-colour" style={{ background: `hsl(${word.hue} 70% 48%)` }} />
      <span class="minute-name">{minuteWord}</span>
      <strong>{word.word[language.value]}</strong>
    </span>
  )
}
