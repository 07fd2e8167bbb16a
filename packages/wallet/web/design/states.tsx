import type { ComponentChildren } from 'preact'
import { refusalSentence } from '../errors/refusal-sentence.js'
import { inLanguage } from '../texts/language.js'
import { shellTexts } from '../texts/shell.js'
import { Button } from './controls.js'
import { BlankCardDrawing } from './drawings.js'
import { Refusal } from './refusal.js'

/** Nothing is here yet: says so, and what one can do. */
export function Empty(props: {
  readonly testId: string
  readonly title: string
  readonly lead: ComponentChildren
  /** Buttons. */
  readonly children?: ComponentChildren
}) {
  return (
    <div class="empty" data-testid={props.testId}>
      <BlankCardDrawing />
      <h2>{props.title}</h2>
      <p class="lead">{props.lead}</p>
      {props.children === undefined ? null : <div class="actions">{props.children}</div>}
    </div>
  )
}

/** Something is under way; read out. */
export function Working(props: {
  readonly testId?: string
  readonly children?: ComponentChildren
}) {
  return (
    <p class="working" role="status" data-testid={props.testId}>
      {props.children ?? inLanguage(shellTexts).loading}
    </p>
  )
}

/** Something did not go: why, what helps, and once more. */
export function Failed(props: { readonly error: unknown; readonly onAgain?: () => void }) {
  return (
    <>
      <Refusal {...refusalSentence(props.error)} />
      {props.onAgain === undefined ? null : (
        <div class="actions">
          <Button testId="again" onPress={props.onAgain}>
            {inLanguage(shellTexts).again}
          </Button>
        </div>
      )}
    </>
  )
}
