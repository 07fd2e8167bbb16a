import { after } from '@netcert/page/clock'
import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { Icon, type IconName } from './icon.js'

export { Facts, Section } from '@netcert/page/sections'

type ButtonProps = {
  readonly testId: string
  /** Not for one that submits its form. */
  readonly onPress?: () => void
  readonly look?: 'main' | 'plain' | 'grave' | 'quiet' | 'main grave'
  readonly icon?: IconName
  readonly disabled?: boolean
  /** What it does is under way: it does nothing more, and keeps the focus, which a disabled one loses. */
  readonly isBusy?: boolean
  readonly submits?: boolean
  /**
   * Answers a question that has just come: for its first moment nobody can press it. A tap that was meant for
   * what stood there before, or the second of two, must not agree to what is in its place now.
   */
  readonly settles?: boolean
  readonly children: ComponentChildren
}

const SETTLING_MILLISECONDS = 700

/** A button with a word on it. */
export function Button(props: ButtonProps) {
  const { testId, onPress, look = 'plain', icon, submits = false, settles = false } = props
  const { isBusy = false } = props
  const isSettling = useSignal(settles)
  useEffect(
    () => (settles ? after(SETTLING_MILLISECONDS, () => (isSettling.value = false)) : undefined),
    [],
  )
  return (
    <button
      type={submits ? 'submit' : 'button'}
      class={`button ${look}`}
      data-testid={testId}
      disabled={props.disabled === true}
      aria-disabled={isSettling.value || isBusy ? true : undefined}
      data-busy={isBusy ? true : undefined}
      onClick={submits || isSettling.value || isBusy ? undefined : onPress}
    >
      {icon === undefined ? null : <Icon name={icon} />}
      <span>{props.children}</span>
    </button>
  )
}

type FieldProps = {
  readonly testId: string
  readonly label: string
  readonly hint?: string
  readonly value: string
  readonly onChange: (value: string) => void
  /** `pin`: hidden, with the number pad. `code`: digits in the open. `text`: anything, on several lines. */
  readonly kind?: 'line' | 'pin' | 'code' | 'text'
  readonly focused?: boolean
}

const kinds = {
  line: { type: 'text', autocomplete: 'off', spellcheck: false },
  pin: { type: 'password', inputMode: 'numeric', autocomplete: 'off' },
  code: { type: 'text', inputMode: 'numeric', autocomplete: 'one-time-code' },
} as const

/** A field with its label above it. */
export function Field(props: FieldProps) {
  const { testId, label, hint, value, onChange, kind = 'line', focused = false } = props
  const input = useRef<HTMLInputElement & HTMLTextAreaElement>(null)
  // The attribute counts once, when a page is loaded; screens come later.
  useEffect(() => {
    if (focused) input.current?.focus()
  }, [])
  const common = {
    'data-testid': testId,
    ref: input,
    value,
    onInput: (event: { readonly currentTarget: { readonly value: string } }) =>
      onChange(event.currentTarget.value),
  }
  return (
    <label class="field">
      <span class="field-label">{label}</span>
      {kind === 'text' ? <textarea rows={4} {...common} /> : <input {...kinds[kind]} {...common} />}
      {hint === undefined ? null : <span class="field-hint">{hint}</span>}
    </label>
  )
}

const noticeIcons = { plain: null, good: 'check', warn: 'warning', bad: 'warning' } as const

/** Something to heed; announced as soon as it appears where it is `bad`. */
export function Notice(props: {
  readonly kind?: 'plain' | 'good' | 'warn' | 'bad'
  readonly testId?: string
  readonly code?: string
  readonly icon?: IconName
  readonly children: ComponentChildren
}) {
  const { kind = 'plain', testId, code } = props
  const icon = props.icon ?? noticeIcons[kind]
  return (
    <div
      class={`notice ${kind}`}
      role={kind === 'bad' ? 'alert' : undefined}
      data-testid={testId}
      data-code={code}
    >
      {icon === null ? null : <Icon name={icon} />}
      <div>{props.children}</div>
    </div>
  )
}
