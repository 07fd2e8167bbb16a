import { useSignal } from '@preact/signals'
import { Button, Notice } from '../design/controls.js'
import { inLanguage } from '../texts/language.js'
import { lockTexts } from '../texts/lock.js'
import { LockError } from './lock-error.js'
import { refusalText } from './lock-refusals.js'
import { PinForm } from './pin-form.js'
import type { WalletLock, WaysIn } from './wallet-lock.js'

type Props = {
  readonly lock: WalletLock
  readonly ways: WaysIn
  readonly onOpen: (master: Uint8Array) => Promise<void>
}

/** The closed wallet. */
export function LockScreen({ lock, ways, onOpen }: Props) {
  const text = inLanguage(lockTexts)
  const { isBusy, refusal, attempt } = useAttempts(onOpen)
  return (
    <main class="word" data-testid="lock-screen">
      <h1>{text.closedTitle}</h1>
      {ways.passkey ? (
        <Button
          testId="open-passkey"
          look="main"
          icon="key"
          disabled={isBusy}
          onPress={() => void attempt(() => lock.openByPasskey())}
        >
          {text.openByPasskey}
        </Button>
      ) : null}
      {ways.pin ? (
        <PinForm
          isBusy={isBusy}
          isMain={!ways.passkey}
          onPin={(pin) => void attempt(() => lock.openByPin(pin))}
        />
      ) : null}
      {refusal === null ? null : (
        <Notice kind="bad" testId="refusal" code={refusal.code}>
          {refusalText(refusal)}
        </Notice>
      )}
    </main>
  )
}

function useAttempts(onOpen: Props['onOpen']) {
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
    } finally {
      isBusy.value = false
    }
  }
  return { isBusy: isBusy.value, refusal: refusal.value, attempt }
}
