import { every, now } from '@netcert/page/clock'
import { isOnline } from '@netcert/page/kept-page'
import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { isFullscreen, turnFullscreen } from '../fullscreen.js'
import { packAge } from '../gate/pack-age.js'
import type { Kiosk } from '../kiosk.js'
import { Icon, type IconName } from '../parts/icon.js'
import { spanText } from '../texts/amounts.js'
import { language, texts } from '../texts/language.js'
import { MinuteSign } from './minute-sign.js'

/** Where this is, how old the pack is, and the few things staff touch. Always on the screen. */
export function GateBar({
  kiosk,
  onStaff,
}: {
  readonly kiosk: Kiosk
  readonly onStaff: () => void
}) {
  const lane = kiosk.lane.value?.lane
  const { gateAndLane, staff, fullscreen, fullscreenEnd } = texts.value
  const word = kiosk.desk.value?.screen.word.value ?? null
  return (
    <header class="bar">
      <div class="bar-place">
        <strong>{lane?.venue[language.value]}</strong>
        <span>{lane?.event.name[language.value]}</span>
        <span class="bar-lane">{lane === undefined ? '' : gateAndLane(lane.gate, lane.lane)}</span>
      </div>
      <div class="bar-signs">
        {word === null ? null : <MinuteSign word={word} testId="minute-word" />}
        <PackSign kiosk={kiosk} />
        <NetworkSign />
      </div>
      <div class="bar-acts">
        <SoundButton kiosk={kiosk} />
        <Act
          testId="fullscreen"
          icon={isFullscreen.value ? 'unfull' : 'full'}
          label={isFullscreen.value ? fullscreenEnd : fullscreen}
          onPress={() => void turnFullscreen().catch(() => undefined)}
        />
        <Act testId="staff-open" icon="staff" label={staff} onPress={onStaff} />
      </div>
    </header>
  )
}

type Sign = {
  readonly testId: string
  readonly look: string
  readonly icon: IconName
  readonly marks: Readonly<Record<`data-${string}`, string>>
  readonly children: ComponentChildren
}

function SignOf({ testId, look, icon, marks, children }: Sign) {
  return (
    <span class={`sign ${look}`} data-testid={testId} {...marks}>
      <Icon name={icon} size={18} />
      <span>{children}</span>
    </span>
  )
}

const TICK_MILLISECONDS = 5_000

/** How old the pack is, and whether that is still good: wherever staff are, it can be seen. */
export function PackSign({ kiosk }: { readonly kiosk: Kiosk }) {
  const [at, setAt] = useState(now)
  useEffect(() => every(TICK_MILLISECONDS, () => setAt(now())), [])
  const held = kiosk.held.value
  const lane = kiosk.lane.value?.lane
  const { packMissing, packAge: ageText, packOld, packTooOld } = texts.value
  if (held === null || lane === undefined) {
    return (
      <SignOf testId="pack-age" look="red" icon="warning" marks={{ 'data-level': 'missing' }}>
        {packMissing}
      </SignOf>
    )
  }
  const { level, ageSeconds } = packAge(held, lane.freshness, at)
  const word = { ok: '', old: ` · ${packOld}`, 'too-old': ` · ${packTooOld}` }[level]
  const look = { ok: '', old: 'amber', 'too-old': 'red' }[level]
  const marks = { 'data-level': level, 'data-age': String(ageSeconds) }
  return (
    <SignOf testId="pack-age" look={look} icon={level === 'ok' ? 'pack' : 'warning'} marks={marks}>
      {ageText(spanText(ageSeconds, language.value)) + word}
    </SignOf>
  )
}

function NetworkSign() {
  const { online, offlineFine } = texts.value
  const is = isOnline.value
  return (
    <SignOf
      testId="network"
      look=""
      icon={is ? 'online' : 'offline'}
      marks={{ 'data-online': String(is) }}
    >
      {is ? online : offlineFine}
    </SignOf>
  )
}

function SoundButton({ kiosk }: { readonly kiosk: Kiosk }) {
  const { soundOn, soundOff, soundBlocked } = texts.value
  const wanted = kiosk.choices.value.sound !== false
  const allowed = kiosk.sounds.isAllowed.value
  const label = wanted ? (allowed ? soundOn : soundBlocked) : soundOff
  const press = async () => {
    await kiosk.sounds.allow()
    // The first touch lets the browser sound; only the next one turns it off.
    if (!wanted || allowed) await kiosk.choose({ sound: !wanted })
  }
  return (
    <Act
      testId="sound"
      icon={wanted && allowed ? 'sound' : 'silent'}
      label={label}
      alarm={wanted && !allowed}
      onPress={() => void press()}
    />
  )
}

type ActProps = {
  readonly testId: string
  readonly icon: IconName
  readonly label: string
  readonly alarm?: boolean
  readonly onPress: () => void
}

function Act({ testId, icon, label, alarm = false, onPress }: ActProps) {
  return (
    <button
      type="button"
      class={alarm ? 'act alarm' : 'act'}
      data-testid={testId}
      title={label}
      onClick={onPress}
    >
      <Icon name={icon} size={22} />
      <span class="act-label">{label}</span>
    </button>
  )
}
