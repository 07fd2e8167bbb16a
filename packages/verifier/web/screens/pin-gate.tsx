import { every, now } from '@netcert/page/clock'
import { useEffect, useState } from 'preact/hooks'
import type { Kiosk } from '../kiosk.js'
import { checkStaffPin, secondsToWait } from '../lane/staff-pin.js'
import { Field } from '../parts/controls.js'
import { Form } from '../parts/form.js'
import { Icon } from '../parts/icon.js'
import { useWorking } from '../parts/working.js'
import { texts } from '../texts/language.js'

/** Asks for the PIN. What was tried is kept before the answer shows: a restart forgives nothing. */
export function PinGate({ kiosk, onOpen }: { readonly kiosk: Kiosk; readonly onOpen: () => void }) {
  const [typed, setTyped] = useState('')
  const { busy, refused, run, refuse } = useWorking()
  const secondsLeft = useWait(kiosk)
  const { pinEntry, unlock, pinHow, pinWrong, pinWait } = texts.value
  const submit = () =>
    run(() => tryPin(kiosk, typed, { onOpen, refuse, clear: () => setTyped('') }))
  const wait = secondsLeft > 0 ? pinWait(secondsLeft) : undefined
  return (
    <div class="card pin-gate">
      <Icon name="lock" size={36} />
      <Form
        testId="pin-unlock"
        word={unlock}
        isReady={!busy && typed !== '' && wait === undefined}
        onSubmit={submit}
        refused={wait === undefined ? refused : 'pin_wait'}
        refusedText={wait ?? (refused === 'pin_wrong' ? pinWrong : undefined)}
      >
        <Field
          testId="pin-entry"
          label={pinEntry}
          secret="digits"
          value={typed}
          onChange={setTyped}
          focused
        />
      </Form>
      <p class="hint">{pinHow}</p>
    </div>
  )
}

type Tried = {
  readonly onOpen: () => void
  readonly refuse: (code: string) => void
  readonly clear: () => void
}

async function tryPin(kiosk: Kiosk, typed: string, tried: Tried): Promise<void> {
  const pin = kiosk.pin.value
  if (pin === null) return tried.onOpen()
  const check = await checkStaffPin(pin, typed, now())
  tried.clear()
  if (check.outcome === 'too_soon') return
  await kiosk.keepPin(check.pin)
  if (check.outcome === 'right') tried.onOpen()
  else tried.refuse('pin_wrong')
}

/** Seconds before the next try, counted down. */
function useWait(kiosk: Kiosk): number {
  const [at, setAt] = useState(now)
  useEffect(() => every(500, () => setAt(now())), [])
  const pin = kiosk.pin.value
  return pin === null ? 0 : secondsToWait(pin, at)
}
