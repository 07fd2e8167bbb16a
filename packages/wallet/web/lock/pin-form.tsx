import { useSignal } from '@preact/signals'
import { Button, Field } from '../design/controls.js'
import { inLanguage } from '../texts/language.js'
import { lockTexts } from '../texts/lock.js'

type Props = {
  readonly isBusy: boolean
  /** Whether it is the first way in on its screen. */
  readonly isMain: boolean
  readonly onPin: (pin: string) => void
}

/** Asks for the PIN; what was typed is gone as soon as it is handed on. */
export function PinForm({ isBusy, isMain, onPin }: Props) {
  const text = inLanguage(lockTexts)
  const pin = useSignal('')
  const submit = (event: SubmitEvent & { readonly currentTarget: HTMLFormElement }) => {
    event.preventDefault()
    const typed = pin.value
    pin.value = ''
    // The button goes grey and would take the focus with it; after a wrong PIN one types again.
    event.currentTarget.querySelector('input')?.focus()
    onPin(typed)
  }
  return (
    <form onSubmit={submit}>
      <Field
        testId="pin"
        label={text.pin}
        kind="pin"
        focused
        value={pin.value}
        onChange={(value) => (pin.value = value)}
      />
      <Button
        testId="open-pin"
        look={isMain ? 'main' : 'plain'}
        submits
        disabled={isBusy || pin.value === ''}
      >
        {isBusy ? text.opening : text.open}
      </Button>
    </form>
  )
}

/** Chooses a PIN, typed twice. */
export function NewPinForm(props: {
  readonly isBusy: boolean
  /** Whether it is the first way in on its screen. */
  readonly isMain: boolean
  /** Whether one types at once; not where there is something to be read before. */
  readonly focused?: boolean
  readonly onPin: (pin: string) => void
  readonly onDiffering: () => void
}) {
  const text = inLanguage(lockTexts)
  const pin = useSignal('')
  const again = useSignal('')
  const submit = (event: Event) => {
    event.preventDefault()
    if (pin.value === again.value) props.onPin(pin.value)
    else props.onDiffering()
  }
  const field = (testId: string, label: string, typed: typeof pin, more = {}) => (
    <Field
      testId={testId}
      label={label}
      {...more}
      kind="pin"
      value={typed.value}
      onChange={(value) => (typed.value = value)}
    />
  )
  return (
    <form onSubmit={submit}>
      {field('pin-new', text.newPin, pin, { hint: text.pinHint, focused: props.focused === true })}
      {field('pin-again', text.pinAgain, again)}
      <Button
        testId="create-pin"
        look={props.isMain ? 'main' : 'plain'}
        submits
        disabled={props.isBusy || pin.value === ''}
      >
        {props.isBusy ? text.creating : text.create}
      </Button>
    </form>
  )
}
