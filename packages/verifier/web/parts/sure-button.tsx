import { useState } from 'preact/hooks'
import { texts } from '../texts/language.js'
import { Button } from './controls.js'

type SureButtonProps = {
  readonly testId: string
  readonly word: string
  readonly question: string
  readonly onSure: () => void
}

/** For what cannot be undone: asks once more, in its own place. The second press is `<id>-sure`. */
export function SureButton({ testId, word, question, onSure }: SureButtonProps) {
  const [asked, setAsked] = useState(false)
  if (!asked) {
    return (
      <Button testId={testId} look="grave" onPress={() => setAsked(true)}>
        {word}
      </Button>
    )
  }
  return (
    <div class="row" role="group" aria-label={question}>
      <strong role="alert">{question}</strong>
      <Button
        testId={`${testId}-sure`}
        look="grave"
        onPress={() => {
          setAsked(false)
          onSure()
        }}
      >
        {texts.value.sure}
      </Button>
      <Button testId={`${testId}-not`} onPress={() => setAsked(false)}>
        {texts.value.cancel}
      </Button>
    </div>
  )
}
