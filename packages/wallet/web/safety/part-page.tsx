import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { Icon } from '../design/icon.js'
import { addressOf } from '../shell/place.js'
import { inLanguage } from '../texts/language.js'
import { safetyTexts } from '../texts/safety.js'

/** One thing to be done, with the way back. Whoever listens hears where they have come. */
export function PartPage(props: {
  readonly testId: string
  readonly title: string
  readonly lead?: string
  readonly children: ComponentChildren
}) {
  const text = inLanguage(safetyTexts)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [props.title])
  return (
    <div data-testid={props.testId}>
      <a class="part-back" href={addressOf('safety')} data-testid="part-back">
        <Icon name="back" size={18} />
        <span>{text.back}</span>
      </a>
      <h1 ref={heading} tabIndex={-1}>
        {props.title}
      </h1>
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
