import './folded.css'
import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'

/** Something to be read by whoever opens it; what is in it comes then. */
export function Folded(props: {
  readonly testId: string
  readonly title: string
  readonly children: ComponentChildren
}) {
  const isOpen = useSignal(false)
  return (
    <details
      class="folded"
      data-testid={props.testId}
      onToggle={({ currentTarget }) => (isOpen.value = currentTarget.open)}
    >
      <summary>{props.title}</summary>
      {isOpen.value ? <div class="folded-inside">{props.children}</div> : null}
    </details>
  )
}
