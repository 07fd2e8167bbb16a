import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { Button, Notice } from '../design/controls.js'
import { Sheet } from '../design/sheet.js'
import { lockRefusal } from '../lock/lock-refusals.js'
import { NewPinForm, PinForm } from '../lock/pin-form.js'
import type { WalletLock, WaysIn } from '../lock/wallet-lock.js'
import { changed, type Ground, say } from '../shell/ground.js'
import { inLanguage } from '../texts/language.js'
import { lockTexts } from '../texts/lock.js'
import { settingsTexts } from '../texts/settings.js'
import { shellTexts } from '../texts/shell.js'

/** What is changed about the ways in. */
export type WayChangeKind = 'pin' | 'passkey' | 'no-pin' | 'no-passkey'

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
  const { master, isOver } = useMaster()
  const { isBusy, refusal, attempt } = useAttempts()
  const done = (word: string) => {
    say(word)
    changed(ground)
    onClose()
  }
  const prove = (open: () => Promise<Uint8Array>) =>
    attempt(async () => {
      const opened = await open()
      // Whoever went away while the PIN was looked at has changed nothing.
      if (isOver.current) return void opened.fill(0)
      if (kind === 'pin') return void (master.value = opened)
      await apply(lock, kind, opened)
      done(kind === 'passkey' ? text.saved : text.removed)
    })
  const setPin = (key: Uint8Array, pin: string) =>
    attempt(async () => {
      await lock.setPin(key, pin)
      done(text.saved)
    })
  const { value: key } = master
  return (
    <Sheet testId="way-change" title={key === null ? text.proveTitle : text.pin} onClose={onClose}>
      {key === null ? (
        <Proof {...{ ways, lock }} isBusy={isBusy.value} onProof={(open) => void prove(open)} />
      ) : (
        <NewPinForm
          {...{ isMain: true, focused: true, isBusy: isBusy.value }}
          onPin={(pin) => void setPin(key, pin)}
          onDiffering={() => (refusal.value = inLanguage(lockTexts).differs)}
        />
      )}
      <After refusal={refusal.value} onClose={onClose} />
    </Sheet>
  )
}

/** The vault's key while it is needed: gone however it ends, by a button, by Escape, or by going elsewhere. */
function useMaster() {
  const master = useSignal<Uint8Array | null>(null)
  const isOver = useRef(false)
  useEffect(
    () => () => {
      isOver.current = true
      master.value?.fill(0)
    },
    [],
  )
  return { master, isOver }
}

/** What stands below either form. */
function After(props: { readonly refusal: string | null; readonly onClose: () => void }) {
  return (
    <>
      {props.refusal === null ? null : (
        <Notice kind="bad" testId="refusal">
          {props.refusal}
        </Notice>
      )}
      <div class="actions">
        <Button testId="way-cancel" onPress={props.onClose}>
          {inLanguage(settingsTexts).cancel}
        </Button>
      </div>
    </>
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
    else await lock.removeWay(kind === 'no-pin' ? 'pin' : 'passkey')
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
    } catch (error) {
      refusal.value = lockRefusal(error).text
    } finally {
      isBusy.value = false
    }
  }
  return { isBusy, refusal, attempt }
}
