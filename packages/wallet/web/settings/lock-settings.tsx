import { useSignal } from '@preact/signals'
import { Section } from '../design/controls.js'
import { Select } from '../design/choice.js'
import { RowButton, Rows } from '../design/rows.js'
import { Failed, Working } from '../design/states.js'
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
      {loaded.state === 'loading' ? <Working /> : null}
      {loaded.state === 'failed' ? (
        <Failed error={loaded.error} onAgain={() => changed(ground)} />
      ) : null}
      {loaded.state === 'there' ? (
        <>
          <Ways ground={ground} ways={loaded.value.ways} />
          <Choices ground={ground} choices={loaded.value.choices} />
        </>
      ) : null}
    </Section>
  )
}

function Ways({ ground, ways }: { readonly ground: Ground; readonly ways: WaysIn }) {
  const text = inLanguage(settingsTexts)
  const kind = useSignal<WayChangeKind | null>(null)
  const onChange = (wanted: WayChangeKind) => (kind.value = wanted)
  const passkey = ways.passkey ? text.renewPasskey : text.addPasskey
  return (
    <>
      <Rows testId="ways">
        <WayRow kind="pin" isSet={ways.pin} {...{ onChange }}>
          {ways.pin ? text.changePin : text.setPin}
        </WayRow>
        {mayHavePasskey() ? (
          <WayRow kind="passkey" isSet={ways.passkey} {...{ onChange }}>
            {passkey}
          </WayRow>
        ) : null}
        {ways.pin && ways.passkey ? (
          <>
            <WayRow kind="no-passkey" {...{ onChange }}>
              {text.removePasskey}
            </WayRow>
            <WayRow kind="no-pin" {...{ onChange }}>
              {text.removePin}
            </WayRow>
          </>
        ) : null}
      </Rows>
      {kind.value === null ? null : (
        <WayChange {...{ ground, ways }} kind={kind.value} onClose={() => (kind.value = null)} />
      )}
    </>
  )
}

const wayIcons = { pin: 'lock', passkey: 'key', 'no-pin': 'erase', 'no-passkey': 'erase' } as const

function WayRow(props: {
  readonly kind: WayChangeKind
  readonly isSet?: boolean
  readonly onChange: (kind: WayChangeKind) => void
  readonly children: string
}) {
  const { kind, isSet } = props
  const text = inLanguage(settingsTexts)
  return (
    <RowButton
      testId={`change-${kind}`}
      icon={wayIcons[kind]}
      title={props.children}
      {...(isSet === undefined ? {} : { end: isSet ? text.isSet : text.notSet })}
      onPress={() => props.onChange(kind)}
    />
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
