import { useSignal } from '@preact/signals'
import { Button, Notice } from '../design/controls.js'
import { Sheet } from '../design/sheet.js'
import { LockError } from '../lock/lock-error.js'
import { refusalText } from '../lock/lock-refusals.js'
import { NewPinForm, PinForm } from '../lock/pin-form.js'
import type { WalletLock, WaysIn } from '../lock/wallet-lock.js'
import { changed, type Ground, say } from '../shell/ground.js'
import { inLanguage } from '../texts/language.js'
import { lockTexts } from '../texts/lock.js'
import { settingsTexts } from '../texts/settings.js'
import { shellTexts } from '../texts/shell.js'

/** What is changed about the ways in. */
export type WayChangeKind = 'pin' | 'passkey' | 'no pin' | 'no passkey'

type Props = {
  readonly ground: Ground
  readonly ways: WaysIn
  readonly kind: WayChangeKind
  readonly onClose: () => void
}

/**
 * Changes a way in. Whoever found the wallet open cannot: it asks for a way in that there is, and opens the
 * vault's key with it once more.
 */
export function WayChange({ ground, ways, kind, onClose }: Props) {
  const text = inLanguage(settingsTexts)
  const { lock } = ground
  const master = useSignal<Uint8Array | null>(null)
  const { isBusy, refusal, attempt } = useAttempts()
  const finish = async (work: () => Promise<void>, word: string) => {
    if (!(await attempt(work))) return
    master.value?.fill(0)
    say(word)
    changed(ground)
    onClose()
  }
  const prove = (open: () => Promise<Uint8Array>) =>
    void attempt(async () => {
      const opened = await open()
      if (kind === 'pin') master.value = opened
      else
        await finish(
          () => apply(lock, kind, opened),
          kind === 'passkey' ? text.saved : text.removed,
        )
    })
  return (
    <Sheet
      testId="way-change"
      title={master.value === null ? text.proveTitle : text.pin}
      onClose={onClose}
    >
      {master.value === null ? (
        <Proof ways={ways} lock={lock} isBusy={isBusy.value} onProof={prove} />
      ) : (
        <NewPinForm
          isBusy={isBusy.value}
          isMain
          onPin={(pin) => {
            const { value } = master
            if (value !== null) void finish(() => lock.setPin(value, pin), text.saved)
          }}
          onDiffering={() => (refusal.value = inLanguage(lockTexts).differs)}
        />
      )}
      {refusal.value === null ? null : (
        <Notice kind="bad" testId="refusal">
          {refusal.value}
        </Notice>
      )}
      <div class="actions">
        <Button testId="way-cancel" onPress={onClose}>
          {text.cancel}
        </Button>
      </div>
    </Sheet>
  )
}

function Proof(props: {
  readonly ways: WaysIn
  readonly lock: WalletLock
  readonly isBusy: boolean
  readonly onProof: (open: () => Promise<Uint8Array>) => void
}) {
  const { ways, lock, isBusy, onProof } = props
  return (
    <>
      {ways.passkey ? (
        <div class="actions">
          <Button
            testId="prove-passkey"
            look="main"
            icon="key"
            disabled={isBusy}
            onPress={() => onProof(() => lock.openByPasskey())}
          >
            {inLanguage(settingsTexts).proveByPasskey}
          </Button>
        </div>
      ) : null}
      {ways.pin ? (
        <PinForm
          isBusy={isBusy}
          isMain={!ways.passkey}
          onPin={(pin) => onProof(() => lock.openByPin(pin))}
        />
      ) : null}
    </>
  )
}

async function apply(
  lock: WalletLock,
  kind: Exclude<WayChangeKind, 'pin'>,
  master: Uint8Array,
): Promise<void> {
  try {
    if (kind === 'passkey') await lock.setPasskey(master, inLanguage(shellTexts).appName)
    else await lock.removeWay(kind === 'no pin' ? 'pin' : 'passkey')
  } finally {
    master.fill(0)
  }
}

function useAttempts() {
  const refusal = useSignal<string | null>(null)
  const isBusy = useSignal(false)
  const attempt = async (work: () => Promise<void>) => {
    isBusy.value = true
    refusal.value = null
    try {
      await work()
      return true
    } catch (error) {
      if (!(error instanceof LockError)) throw error
      refusal.value = refusalText(error)
      return false
    } finally {
      isBusy.value = false
    }
  }
  return { isBusy, refusal, attempt }
}
