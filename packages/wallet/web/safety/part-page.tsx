import type { ComponentChildren } from 'preact'

/** One thing to be done. */
export function PartPage(props: {
  readonly testId: string
  readonly title: string
  readonly lead?: string
  readonly children: ComponentChildren
}) {
  return (
    <div data-testid={props.testId}>
      {/* Each step has a heading of its own: it is read out when the step has come. */}
      <h1 key={props.title}>{props.title}</h1>
      {props.lead === undefined ? null : <p class="lead">{props.lead}</p>}
      {props.children}
    </div>
  )
}

/** What is to be done, in this order. */
export function Steps({ steps }: { readonly steps: readonly (readonly string[])[] }) {
  return (
    <ol class="steps">
      {steps.map(([title, words]) => (
        <li key={title}>
          <strong>{title}</strong>
          <span>{words}</span>
        </li>
      ))}
    </ol>
  )
}

/** What an act means, before it is done. */
export function Means({ words }: { readonly words: readonly string[] }) {
  return (
    <ul class="means">
      {words.map((word) => (
        <li key={word}>{word}</li>
      ))}
    </ul>
  )
}
