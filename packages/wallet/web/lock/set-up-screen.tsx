import { useSignal } from '@preact/signals'
import { Button, Field, Notice } from '../design/controls.js'
import { inLanguage } from '../texts/language.js'
import { lockTexts } from '../texts/lock.js'
import { shellTexts } from '../texts/shell.js'
import { LockError } from './lock-error.js'
import { refusalText } from './lock-refusals.js'
import { mayHavePasskey } from './passkey.js'
import type { WalletLock } from './wallet-lock.js'

type Props = {
  readonly lock: WalletLock
  readonly onOpen: (master: Uint8Array) => Promise<void>
}

/** A wallet that nobody set up yet: how shall it open? */
export function SetUpScreen({ lock, onOpen }: Props) {
  const text = inLanguage(lockTexts)
  const pin = useSignal('')
  const again = useSignal('')
  const refusal = useSignal<string | null>(null)
  const isBusy = useSignal(false)
  const create = async (set: (master: Uint8Array) => Promise<void>) => {
    isBusy.value = true
    refusal.value = null
    try {
      const master = lock.createMaster()
      await set(master)
      await onOpen(master)
    } catch (error) {
      if (!(error instanceof LockError)) throw error
      refusal.value = refusalText(error)
    } finally {
      isBusy.value = false
    }
  }
  const withPin = () => {
    if (pin.value === again.value) return void create((master) => lock.setPin(master, pin.value))
    refusal.value = text.differs
  }
  const { appName } = inLanguage(shellTexts)
  return (
    <main class="word" data-testid="set-up-screen">
      <h1>{text.newTitle}</h1>
      <p class="lead">{text.newLead}</p>
      {mayHavePasskey() ? (
        <Button
          testId="create-passkey"
          look="main"
          icon="key"
          disabled={isBusy.value}
          onPress={() => void create((master) => lock.setPasskey(master, appName))}
        >
          {text.usePasskey}
        </Button>
      ) : null}
      <form
        onSubmit={(event) => {
          event.preventDefault()
          withPin()
        }}
      >
        <h2>{text.orPin}</h2>
        <Field
          testId="pin-new"
          label={text.pin}
          kind="pin"
          value={pin.value}
          onChange={(value) => (pin.value = value)}
        />
        <Field
          testId="pin-again"
          label={text.pinAgain}
          kind="pin"
          value={again.value}
          onChange={(value) => (again.value = value)}
        />
        <Button testId="create-pin" submits disabled={isBusy.value} onPress={withPin}>
          {isBusy.value ? text.creating : text.create}
        </Button>
      </form>
      {refusal.value === null ? null : (
        <Notice kind="bad" testId="refusal">
          {refusal.value}
        </Notice>
      )}
    </main>
  )
}
