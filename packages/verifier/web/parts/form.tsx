import type { ComponentChildren } from 'preact'
import { Button, Refusal } from './controls.js'

type FormProps = {
  readonly testId: string
  readonly word: string
  readonly isReady: boolean
  readonly onSubmit: () => void
  readonly refused: string | null
  /** What a refusal says where its code has no sentence of its own. */
  readonly refusedText?: string | undefined
  readonly children: ComponentChildren
}

/** Fields, why they were refused, and one button that Enter presses too. */
export function Form(props: FormProps) {
  const { testId, word, isReady, onSubmit, refused, refusedText, children } = props
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (isReady) onSubmit()
      }}
    >
      {children}
      <Refusal code={refused} {...(refusedText === undefined ? {} : { text: refusedText })} />
      <div class="actions">
        <Button testId={testId} look="main" disabled={!isReady} onPress={onSubmit}>
          {word}
        </Button>
      </div>
    </form>
  )
}
