import {
  type CameraChoice,
  type CameraProblem,
  cameraProblemOf,
  eachFrame,
  openCamera,
  stopCamera,
} from '@netcert/page/camera'
import { elapsed } from '@netcert/page/clock'
import type { Scanner } from '@netcert/page/scanner'
import { useEffect, useRef, useState } from 'preact/hooks'
import { mark } from '../marks.js'
import type { GateDesk } from '../gate/gate-desk.js'
import type { Kiosk } from '../kiosk.js'
import { Button } from '../parts/controls.js'
import { Icon } from '../parts/icon.js'
import { texts } from '../texts/language.js'

type CameraState = 'off' | 'starting' | 'reading' | 'failed' | CameraProblem
type CameraViewProps = {
  readonly kiosk: Kiosk
  readonly desk: GateDesk
  readonly scanner: Scanner
}

/** The visitor reads the screen, so the camera beside it is the one that sees them. */
const FRONT: CameraChoice = { facing: 'user' }

/** What the camera sees, and why when it sees nothing. */
export function CameraView({ kiosk, desk, scanner }: CameraViewProps) {
  const video = useRef<HTMLVideoElement>(null)
  const [state, setState] = useState<CameraState>('starting')
  const [tries, setTries] = useState(0)
  const choice: CameraChoice = kiosk.choices.value.camera ?? FRONT
  const key = JSON.stringify(choice)
  useEffect(
    () => runCamera({ video: video.current, choice, scanner, desk, onState: setState }),
    [key, tries, desk],
  )
  const mirrored = 'facing' in choice && choice.facing === 'user'
  const turn = () => void kiosk.choose({ camera: { facing: mirrored ? 'environment' : 'user' } })
  const isOn = state === 'reading'
  return (
    <div class={isOn ? 'camera on' : 'camera'} data-testid="camera" data-state={state}>
      <video ref={video} class={mirrored ? 'mirrored' : ''} muted playsInline tabIndex={-1} />
      {isOn ? <span class="camera-frame" aria-hidden="true" /> : <CameraWord state={state} />}
      <CameraActs
        canStart={!isOn && state !== 'starting'}
        onStart={() => setTries(tries + 1)}
        onTurn={turn}
      />
    </div>
  )
}

type CameraActsProps = {
  readonly canStart: boolean
  readonly onStart: () => void
  readonly onTurn: () => void
}

function CameraActs({ canStart, onStart, onTurn }: CameraActsProps) {
  const { cameraStart, cameraTurn } = texts.value
  return (
    <div class="camera-acts">
      {canStart ? (
        <Button testId="camera-start" look="main" icon="camera" onPress={onStart}>
          {cameraStart}
        </Button>
      ) : null}
      <button
        type="button"
        class="act"
        data-testid="camera-turn"
        title={cameraTurn}
        onClick={onTurn}
      >
        <Icon name="turn" size={22} />
        <span class="unseen">{cameraTurn}</span>
      </button>
    </div>
  )
}

function CameraWord({ state }: { readonly state: CameraState }) {
  const t = texts.value
  const words: Readonly<Record<CameraState, string>> = {
    off: t.cameraOff,
    starting: t.cameraStarting,
    reading: '',
    refused: t.cameraRefused,
    missing: t.cameraMissing,
    busy: t.cameraBusy,
    unsupported: t.cameraUnsupported,
    failed: t.scannerFailed,
  }
  return (
    <p class="camera-word" role="status">
      <Icon name="camera" size={36} />
      <span>{words[state]}</span>
    </p>
  )
}

type RunCamera = {
  readonly video: HTMLVideoElement | null
  readonly choice: CameraChoice
  readonly scanner: Scanner
  readonly desk: GateDesk
  readonly onState: (state: CameraState) => void
}

function runCamera({ video, choice, scanner, desk, onState }: RunCamera): () => void {
  let ended = false
  let stopReading = () => {}
  let stream: MediaStream | null = null
  const start = async () => {
    onState('starting')
    const opened = await openCamera(choice)
    stream = opened
    if (ended || video === null) return stopCamera(opened)
    for (const track of opened.getTracks()) {
      track.addEventListener('ended', () => ended || onState('off'))
    }
    video.srcObject = opened
    await video.play()
    onState('reading')
    stopReading = eachFrame(video, async ({ picture, takenAt }) => {
      const text = await scanner.readFrame(picture)
      if (text === null || ended) return
      mark('gate:frame', { takenAt }, takenAt)
      mark('gate:read', { takenAt }, elapsed())
      await desk.judge(text, takenAt)
    })
  }
  start().catch((error: unknown) => {
    if (!ended) onState(cameraProblemOf(error))
  })
  return () => {
    ended = true
    stopReading()
    if (stream !== null) stopCamera(stream)
  }
}
