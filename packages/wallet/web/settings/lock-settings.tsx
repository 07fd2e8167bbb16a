import { useSignal } from '@preact/signals'
import { Section } from '../design/controls.js'
import { Select } from '../design/choice.js'
import { RowButton, Rows } from '../design/rows.js'
import { Working } from '../design/states.js'
import type { LockChoices } from '../lock/lock-records.js'
import { mayHavePasskey } from '../lock/passkey.js'
import type { WaysIn } from '../lock/wallet-lock.js'
import { changed, type Ground } from '../shell/ground.js'
import { useLoaded } from '../shell/use-loaded.js'
import { inLanguage } from '../texts/language.js'
import { settingsTexts } from '../texts/settings.js'
import { WayChange, type WayChangeKind } from './way-change.js'

const NEVER = 'never'
const WIPES = [10, 20, 50] as const
const SECONDS = ['60', '300', '900', '3600'] as const

/** Ways in, and when the wallet closes by itself. */
export function LockSettings({ ground }: { readonly ground: Ground }) {
  const text = inLanguage(settingsTexts)
  const { lock } = ground
  const loaded = useLoaded(ground, async () => ({
    ways: await lock.ways(),
    choices: await lock.choices(),
  }))
  return (
    <Section title={text.opening} lead={text.openingLead}>
      {loaded.state === 'there' ? (
        <>
          <Ways ground={ground} ways={loaded.value.ways} />
          <Choices ground={ground} choices={loaded.value.choices} />
        </>
      ) : (
        <Working />
      )}
    </Section>
  )
}

function Ways({ ground, ways }: { readonly ground: Ground; readonly ways: WaysIn }) {
  const text = inLanguage(settingsTexts)
  const kind = useSignal<WayChangeKind | null>(null)
  const row = (testId: string, change: WayChangeKind, title: string, end?: string) => (
    <RowButton
      testId={testId}
      icon={change === 'pin' ? 'lock' : change === 'passkey' ? 'key' : 'erase'}
      title={title}
      {...(end === undefined ? {} : { end })}
      onPress={() => (kind.value = change)}
    />
  )
  const word = (is: boolean) => (is ? text.isSet : text.notSet)
  return (
    <>
      <Rows testId="ways">
        {row('change-pin', 'pin', ways.pin ? text.changePin : text.setPin, word(ways.pin))}
        {mayHavePasskey()
          ? row(
              'change-passkey',
              'passkey',
              ways.passkey ? text.renewPasskey : text.addPasskey,
              word(ways.passkey),
            )
          : null}
        {ways.pin && ways.passkey
          ? [
              row('remove-passkey', 'no passkey', text.removePasskey),
              row('remove-pin', 'no pin', text.removePin),
            ]
          : null}
      </Rows>
      {kind.value === null ? null : (
        <WayChange
          key={kind.value}
          ground={ground}
          ways={ways}
          kind={kind.value}
          onClose={() => (kind.value = null)}
        />
      )}
    </>
  )
}

function Choices({ ground, choices }: { readonly ground: Ground; readonly choices: LockChoices }) {
  const text = inLanguage(settingsTexts)
  const choose = async (chosen: Partial<LockChoices>) => {
    await ground.lock.choose({ ...choices, ...chosen })
    changed(ground)
  }
  const { lockAfterSeconds, wipeAfter } = choices
  return (
    <div class="panel">
      <Select
        testId="lock-after"
        label={text.lockAfter}
        hint={text.lockAfterHint}
        value={String(lockAfterSeconds)}
        options={SECONDS.map((seconds) => [seconds, text.seconds[seconds]] as const)}
        onChoose={(seconds) => void choose({ lockAfterSeconds: Number(seconds) })}
      />
      <Select
        testId="wipe-after"
        label={text.wipe}
        hint={text.wipeHint}
        value={wipeAfter === null ? NEVER : String(wipeAfter)}
        options={[
          [NEVER, text.wipeNever] as const,
          ...WIPES.map((tries) => [String(tries), text.wipeAfter(tries)] as const),
        ]}
        onChoose={(tries) => void choose({ wipeAfter: tries === NEVER ? null : Number(tries) })}
      />
    </div>
  )
}
