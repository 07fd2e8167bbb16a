import { useSignal } from '@preact/signals'
import { Button, Notice } from '../design/controls.js'
import { Door } from '../shell/door.js'
import { inLanguage } from '../texts/language.js'
import { lockTexts } from '../texts/lock.js'
import { shellTexts } from '../texts/shell.js'
import type { LockRecords } from './lock-records.js'
import { lockRefusal } from './lock-refusals.js'
import { mayHavePasskey } from './passkey.js'
import { NewPinForm } from './pin-form.js'
import type { WalletLock } from './wallet-lock.js'

type Props = {
  readonly lock: WalletLock
  readonly records: LockRecords
  readonly onOpen: (master: Uint8Array) => Promise<void>
}

/** A wallet that nobody set up yet: how shall it open? */
export function SetUpScreen({ lock, records, onOpen }: Props) {
  const text = inLanguage(lockTexts)
  const { isBusy, refusal, create } = useCreating({ lock, onOpen })
  const { appName } = inLanguage(shellTexts)
  const hasPasskey = mayHavePasskey()
  return (
    <Door testId="set-up-screen" title={text.newTitle} lead={text.newLead} records={records}>
      {hasPasskey ? (
        <>
          <Button
            testId="create-passkey"
            look="main"
            icon="key"
            disabled={isBusy}
            onPress={() => void create((master) => lock.setPasskey(master, appName))}
          >
            {text.usePasskey}
          </Button>
          <p class="door-or">{text.or}</p>
        </>
      ) : null}
      <NewPinForm
        isBusy={isBusy}
        isMain={!hasPasskey}
        onPin={(pin) => void create((master) => lock.setPin(master, pin))}
        onDiffering={() => (refusal.value = text.differs)}
      />
      {refusal.value === null ? null : (
        <Notice kind="bad" testId="refusal">
          {refusal.value}
        </Notice>
      )}
      <ComingBack />
    </Door>
  )
}

/** Storage that a browser cleared looks like a new device: whoever had a wallet reads what is still theirs. */
function ComingBack() {
  const text = inLanguage(lockTexts)
  return (
    <details class="door-more" data-testid="had-wallet">
      <summary>{text.hadWallet}</summary>
      <ol>
        {text.comingBack.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
    </details>
  )
}

function useCreating({ lock, onOpen }: Pick<Props, 'lock' | 'onOpen'>) {
  const refusal = useSignal<string | null>(null)
  const isBusy = useSignal(false)
  const create = async (set: (master: Uint8Array) => Promise<void>) => {
    isBusy.value = true
    refusal.value = null
    try {
      const master = lock.createMaster()
      await set(master)
      await onOpen(master)
      // Asked for when there is something to lose; the settings say what the browser answered.
      await navigator.storage?.persist?.().catch(() => false)
    } catch (error) {
      refusal.value = lockRefusal(error).text
    } finally {
      isBusy.value = false
    }
  }
  return { isBusy: isBusy.value, refusal, create }
}
