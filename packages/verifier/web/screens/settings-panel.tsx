import { type ListedCamera, listCameras } from '@netcert/page/camera'
import { installOffer, worksOffline } from '@netcert/page/kept-page'
import { followLook } from '@netcert/page/look'
import { useEffect, useState } from 'preact/hooks'
import type { Choices } from '../keeping/database.js'
import type { Kiosk } from '../kiosk.js'
import { Button, Section } from '../parts/controls.js'
import { Icon } from '../parts/icon.js'
import { LanguageSwitch } from '../parts/language-switch.js'
import { texts } from '../texts/language.js'
import { PinForm } from './pin-step.js'
import { Keeping } from './ready-step.js'

/** How this device looks, sounds and reads, and its PIN. */
export function SettingsPanel({ kiosk }: { readonly kiosk: Kiosk }) {
  const { language, look, sound, cameraChoice, storage, pinChange, clockTitle, clockLead } =
    texts.value
  return (
    <>
      <Section title={language}>
        <LanguageSwitch kiosk={kiosk} />
      </Section>
      <Section title={look}>
        <LookSwitch kiosk={kiosk} />
      </Section>
      <Section title={sound}>
        <SoundRow kiosk={kiosk} />
      </Section>
      <Section title={cameraChoice}>
        <CameraRow kiosk={kiosk} />
      </Section>
      <Section title={clockTitle} lead={clockLead}>
        <ClockRow kiosk={kiosk} />
      </Section>
      <Section title={storage}>
        <Keeping />
        <Installing />
      </Section>
      <Section title={pinChange}>
        <PinRow kiosk={kiosk} />
      </Section>
    </>
  )
}

function LookSwitch({ kiosk }: { readonly kiosk: Kiosk }) {
  const { lookSystem, lookLight, lookDark } = texts.value
  const chosen = kiosk.choices.value.look
  const looks = [
    [undefined, lookSystem],
    ['light', lookLight],
    ['dark', lookDark],
  ] as const
  return (
    <div class="switch" role="group" aria-label={texts.value.look}>
      {looks.map(([look, name]) => (
        <button
          key={name}
          type="button"
          data-testid={`look-${look ?? 'system'}`}
          aria-pressed={chosen === look}
          onClick={() => {
            void kiosk.choose({ look })
            followLook(look ?? null)
          }}
        >
          {name}
        </button>
      ))}
    </div>
  )
}

function SoundRow({ kiosk }: { readonly kiosk: Kiosk }) {
  const { soundOn, soundOff, green, amber, red, soundTry } = texts.value
  const on = kiosk.choices.value.sound !== false
  const names = { green, amber, red } as const
  const play = async (colour: keyof typeof names) => {
    await kiosk.sounds.allow()
    kiosk.sounds.play(colour)
  }
  return (
    <div class="row">
      <Button
        testId="sound-choice"
        icon={on ? 'sound' : 'silent'}
        pressed={on}
        onPress={() => void kiosk.choose({ sound: !on })}
      >
        {on ? soundOn : soundOff}
      </Button>
      {(['green', 'amber', 'red'] as const).map((colour) => (
        <Button key={colour} testId={`sound-${colour}`} onPress={() => void play(colour)}>
          {`${soundTry} · ${names[colour]}`}
        </Button>
      ))}
    </div>
  )
}

function CameraRow({ kiosk }: { readonly kiosk: Kiosk }) {
  const [cameras, setCameras] = useState<readonly ListedCamera[]>([])
  useEffect(() => {
    void listCameras().then(setCameras)
  }, [])
  const { cameraFront, cameraBack } = texts.value
  const sides = [
    ['user', cameraFront],
    ['environment', cameraBack],
  ] as const
  const options: readonly (readonly [string, string, NonNullable<Choices['camera']>])[] = [
    ...sides.map(([facing, name]) => [facing, name, { facing }] as const),
    ...cameras.map(({ deviceId, label }) => [deviceId, label, { deviceId }] as const),
  ]
  const chosen = kiosk.choices.value.camera ?? { facing: 'user' }
  const now = 'facing' in chosen ? chosen.facing : chosen.deviceId
  return (
    <div class="field">
      <select
        data-testid="camera-choice"
        aria-label={texts.value.cameraChoice}
        value={now}
        onChange={({ currentTarget }) => {
          const camera = options.find(([id]) => id === currentTarget.value)?.[2]
          if (camera !== undefined) void kiosk.choose({ camera })
        }}
      >
        {options.map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </div>
  )
}

function ClockRow({ kiosk }: { readonly kiosk: Kiosk }) {
  const [noted, setNoted] = useState(false)
  const { clockCorrect, clockCorrected } = texts.value
  const correct = async () => {
    await kiosk.desk.value?.correctClock()
    setNoted(true)
  }
  return (
    <div class="row" role="status">
      <Button testId="clock-correct" onPress={() => void correct()}>
        {clockCorrect}
      </Button>
      {noted ? <span class="hint">{clockCorrected}</span> : null}
    </div>
  )
}

function Installing() {
  const { install, installHint, versionText } = texts.value
  const offer = installOffer.value
  return (
    <>
      {worksOffline.value ? (
        <p class="note good" data-testid="works-offline">
          <Icon name="check" />
          <span>{versionText}</span>
        </p>
      ) : null}
      {offer === null ? (
        <p class="hint">{installHint}</p>
      ) : (
        <Button testId="install" onPress={() => void offer.prompt()}>
          {install}
        </Button>
      )}
    </>
  )
}

function PinRow({ kiosk }: { readonly kiosk: Kiosk }) {
  const [changed, setChanged] = useState(0)
  return (
    <>
      <PinForm key={changed} kiosk={kiosk} onDone={() => setChanged(changed + 1)} />
      <p class="hint" role="status">
        {changed === 0 ? texts.value.pinLimits : texts.value.pinChanged}
      </p>
    </>
  )
}
