import { useState } from 'preact/hooks'
import { isFitPin, makeStaffPin } from '../lane/staff-pin.js'
import { Field } from '../parts/controls.js'
import { Form } from '../parts/form.js'
import { Icon } from '../parts/icon.js'
import { useWorking } from '../parts/working.js'
import { StepHead, type StepProps } from '../parts/step.js'
import { texts } from '../texts/language.js'

/** Chooses the staff PIN, and says what it cannot do. */
export function PinStep({ kiosk, onDone }: StepProps) {
  const { pinTitle, pinLead, pinLimits } = texts.value
  return (
    <div>
      <StepHead title={pinTitle} lead={pinLead} />
      <PinForm kiosk={kiosk} onDone={onDone} />
      <p class="note">
        <Icon name="lock" />
        <span>{pinLimits}</span>
      </p>
    </div>
  )
}

/** Two fields for a new PIN. */
export function PinForm({ kiosk, onDone }: StepProps) {
  const [first, setFirst] = useState('')
  const [second, setSecond] = useState('')
  const { busy, refused, run, refuse } = useWorking()
  const { pinNew, pinAgain, pinSet, pinUnfit, pinDiffers } = texts.value
  const own = { pin_unfit: pinUnfit, pin_differs: pinDiffers }[refused ?? '']
  const submit = () => {
    if (!isFitPin(first)) return refuse('pin_unfit')
    if (first !== second) return refuse('pin_differs')
    run(async () => {
      await kiosk.keepPin(await makeStaffPin(first))
      onDone()
    })
  }
  const ready = !busy && first !== '' && second !== ''
  return (
    <Form
      testId="pin-set"
      word={pinSet}
      isReady={ready}
      onSubmit={submit}
      refused={refused}
      refusedText={own}
    >
      <Field testId="pin-new" label={pinNew} secret="digits" value={first} onChange={setFirst} />
      <Field
        testId="pin-again"
        label={pinAgain}
        secret="digits"
        value={second}
        onChange={setSecond}
      />
    </Form>
  )
}
