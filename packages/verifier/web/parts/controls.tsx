import type { ComponentChildren } from 'preact'
import { refusalText } from '../texts/language.js'
import { Icon, type IconName } from './icon.js'

export { Facts, Section } from '@netcert/page/sections'

type ButtonProps = {
  readonly testId: string
  readonly onPress: () => void
  readonly look?: 'main' | 'plain' | 'grave'
  readonly icon?: IconName
  readonly disabled?: boolean
  readonly pressed?: boolean
  readonly children: ComponentChildren
}

/** A button with a word on it. */
export function Button(props: ButtonProps) {
  const { testId, onPress, look = 'plain', icon, disabled = false, pressed, children } = props
  return (
    <button
      type="button"
      class={`button ${look}`}
      data-testid={testId}
      disabled={disabled}
      aria-pressed={pressed}
      onClick={onPress}
    >
      {icon === undefined ? null : <Icon name={icon} />}
      <span>{children}</span>
    </button>
  )
}

type FieldProps = {
  readonly testId: string
  readonly label: string
  readonly hint?: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly secret?: 'digits'
  readonly focused?: boolean
}

const plain = {
  type: 'text',
  autocomplete: 'off',
  autocapitalize: 'characters',
  spellcheck: false,
} as const
const digits = { type: 'password', inputMode: 'numeric', autocomplete: 'new-password' } as const

/** A field with its label above it; `digits` hides what is typed and asks for the number pad. */
export function Field(props: FieldProps) {
  const { testId, label, hint, value, onChange, secret, focused = false } = props
  return (
    <label class="field">
      <span class="field-label">{label}</span>
      <input
        {...(secret === undefined ? plain : digits)}
        data-testid={testId}
        value={value}
        autofocus={focused}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
      {hint === undefined ? null : <span class="field-hint">{hint}</span>}
    </label>
  )
}

/** Why something was not taken, in words; announced as soon as it appears. */
export function Refusal({ code, text }: { readonly code: string | null; readonly text?: string }) {
  return (
    <div role="alert">
      {code === null ? null : (
        <p class="refusal" data-testid="refusal" data-code={code}>
          <Icon name="warning" />
          <span>{text ?? refusalText(code)}</span>
        </p>
      )}
    </div>
  )
}
