import { useSignal } from '@preact/signals'
import { Button, Notice } from '../design/controls.js'
import type { RefusalSentence } from '../errors/refusal-sentence.js'
import { Door } from '../shell/door.js'
import { inLanguage } from '../texts/language.js'
import { lockTexts } from '../texts/lock.js'
import { shellTexts } from '../texts/shell.js'
import { Forgotten } from './forgotten.js'
import type { LockRecords } from './lock-records.js'
import { lockRefusal } from './lock-refusals.js'
import { PinForm } from './pin-form.js'
import type { WalletLock, WaysIn } from './wallet-lock.js'

type Props = {
  readonly lock: WalletLock
  readonly ways: WaysIn
  readonly records: LockRecords
  readonly onOpen: (master: Uint8Array) => Promise<void>
  /** Erases all that is kept here, without opening it. */
  readonly onErase: () => void
}

/** The closed wallet. */
export function LockScreen({ lock, ways, records, onOpen, onErase }: Props) {
  const text = inLanguage(lockTexts)
  const { isBusy, refusal, attempt } = useAttempts(onOpen)
  const refused = refusal === null ? null : lockRefusal(refusal.error)
  if (refused?.code === 'wiped') return <Wiped refused={refused} />
  return (
    <Door testId="lock-screen" title={text.closedTitle} lead={text.closedLead} records={records}>
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
      {ways.passkey && ways.pin ? <p class="door-or">{text.or}</p> : null}
      {ways.pin ? (
        <PinForm
          isBusy={isBusy}
          isMain={!ways.passkey}
          onPin={(pin) => void attempt(() => lock.openByPin(pin))}
        />
      ) : null}
      {refused === null ? null : (
        <Notice kind="bad" testId="refusal" code={refused.code}>
          {refused.text}
        </Notice>
      )}
      <Forgotten ways={ways} onErase={onErase} />
    </Door>
  )
}

/** Nothing is left to open: the page begins anew. */
function Wiped({ refused }: { readonly refused: RefusalSentence }) {
  const text = inLanguage(shellTexts)
  return (
    <Door testId="wiped" title={text.erasedTitle}>
      <Notice kind="bad" testId="refusal" code={refused.code}>
        {refused.text}
      </Notice>
      <Button testId="reopen" look="main" onPress={() => location.reload()}>
        {text.reopen}
      </Button>
    </Door>
  )
}

function useAttempts(onOpen: Props['onOpen']) {
  const refusal = useSignal<{ readonly error: unknown } | null>(null)
  const isBusy = useSignal(false)
  const attempt = async (open: () => Promise<Uint8Array>) => {
    isBusy.value = true
    refusal.value = null
    try {
      await onOpen(await open())
    } catch (error) {
      refusal.value = { error }
    } finally {
      isBusy.value = false
    }
  }
  return { isBusy: isBusy.value, refusal: refusal.value, attempt }
}
