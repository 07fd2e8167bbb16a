import { useSignal } from '@preact/signals'
import { Button, Field, Notice } from '../design/controls.js'
import { inLanguage } from '../texts/language.js'
import { lockTexts } from '../texts/lock.js'
import { LockError } from './lock-error.js'
import { refusalText } from './lock-refusals.js'
import type { WalletLock, WaysIn } from './wallet-lock.js'

type Props = {
  readonly lock: WalletLock
  readonly ways: WaysIn
  readonly onOpen: (master: Uint8Array) => Promise<void>
}

/** The closed wallet. */
export function LockScreen({ lock, ways, onOpen }: Props) {
  const text = inLanguage(lockTexts)
  const pin = useSignal('')
  const refusal = useSignal<LockError | null>(null)
  const isBusy = useSignal(false)
  const attempt = async (open: () => Promise<Uint8Array>) => {
    isBusy.value = true
    refusal.value = null
    try {
      await onOpen(await open())
    } catch (error) {
      if (!(error instanceof LockError)) throw error
      refusal.value = error
      pin.value = ''
    } finally {
      isBusy.value = false
    }
  }
  return (
    <main class="word" data-testid="lock-screen">
      <h1>{text.closedTitle}</h1>
      {ways.passkey ? (
        <Button
          testId="open-passkey"
          look="main"
          icon="key"
          disabled={isBusy.value}
          onPress={() => void attempt(() => lock.openByPasskey())}
        >
          {text.openByPasskey}
        </Button>
      ) : null}
      {ways.pin ? (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            void attempt(() => lock.openByPin(pin.value))
          }}
        >
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
            look={ways.passkey ? 'plain' : 'main'}
            submits
            disabled={isBusy.value || pin.value === ''}
            onPress={() => undefined}
          >
            {isBusy.value ? text.opening : text.open}
          </Button>
        </form>
      ) : null}
      {refusal.value === null ? null : (
        <Notice kind="bad" testId="refusal" code={refusal.value.code}>
          {refusalText(refusal.value)}
        </Notice>
      )}
    </main>
  )
}
