import './scan.css'
import {
  type CameraProblem,
  cameraProblemOf,
  eachFrame,
  type Frame,
  openCamera,
  stopCamera,
} from '@netcert/page/camera'
import { openScanner, type Scanner } from '@netcert/page/scanner'
import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { Button, Field, Notice } from '../design/controls.js'
import { Icon } from '../design/icon.js'
import type { ScreenProps } from '../shell/opened.js'
import { handOver } from '../shell/place.js'
import { inLanguage } from '../texts/language.js'
import { scanTexts } from '../texts/scan.js'
import { type CameraLight, lightOf } from './camera-light.js'
import { LightButton } from './light-button.js'
import { linkedPlace } from './scanned-link.js'

type CameraState = 'starting' | 'reading' | CameraProblem

/** Looks for a code with the camera, in a picture, or takes its text. */
export function ScanScreen(_props: ScreenProps) {
  const text = inLanguage(scanTexts)
  const unusable = useSignal<'foreign' | 'empty' | null>(null)
  const round = useSignal(0)
  const scanner = useRef<Scanner | null>(null)
  useEffect(() => {
    scanner.current = openScanner()
    return () => scanner.current?.close()
  }, [])
  const onText = (found: string) => {
    const linked = linkedPlace(found)
    unusable.value = linked === null ? 'foreign' : null
    if (linked !== null) handOver(linked, false)
  }
  const onPicture = async (picture: Blob) => {
    unusable.value = null
    const found = (await scanner.current?.readPicture(picture).catch(() => null)) ?? null
    if (found === null) unusable.value = 'empty'
    else onText(found)
  }
  return (
    <>
      <h1>{text.title}</h1>
      <CameraView
        key={round.value}
        scanner={scanner}
        onText={onText}
        onAgain={() => (round.value += 1)}
      />
      {unusable.value === null ? null : (
        <Notice kind="bad" testId="foreign-code" code={unusable.value}>
          {text.unusable[unusable.value]}
        </Notice>
      )}
      <PictureEntry onPicture={(picture) => void onPicture(picture)} />
      <TextEntry onText={onText} />
    </>
  )
}

function PictureEntry({ onPicture }: { readonly onPicture: (picture: Blob) => void }) {
  const text = inLanguage(scanTexts)
  return (
    <label class="button file-button">
      <span>{text.picture}</span>
      <input
        type="file"
        accept="image/*"
        data-testid="picture"
        onChange={({ currentTarget }) => {
          const picture = currentTarget.files?.[0]
          // The same one may be chosen again.
          currentTarget.value = ''
          if (picture !== undefined) onPicture(picture)
        }}
      />
    </label>
  )
}

function TextEntry({ onText }: { readonly onText: (text: string) => void }) {
  const text = inLanguage(scanTexts)
  const typed = useSignal('')
  const submit = (event: Event) => {
    event.preventDefault()
    onText(typed.value)
  }
  return (
    <form class="panel" onSubmit={submit}>
      <Field
        testId="code-text"
        label={text.textLabel}
        kind="text"
        value={typed.value}
        onChange={(value) => (typed.value = value)}
      />
      <div class="actions">
        <Button testId="take-text" submits disabled={typed.value.trim() === ''}>
          {text.go}
        </Button>
      </div>
    </form>
  )
}

function CameraView(props: {
  readonly scanner: { readonly current: Scanner | null }
  readonly onText: (text: string) => void
  readonly onAgain: () => void
}) {
  const text = inLanguage(scanTexts)
  const video = useRef<HTMLVideoElement>(null)
  const state = useSignal<CameraState>('starting')
  const light = useSignal<CameraLight | null>(null)
  useEffect(() => {
    const { current } = video
    if (current === null) return
    return runCamera(current, {
      onState: (next) => (state.value = next),
      onLight: (it) => (light.value = it),
      look: async ({ picture }) => {
        const found = (await props.scanner.current?.readFrame(picture)) ?? null
        if (found !== null) props.onText(found)
      },
    })
  }, [])
  const { value } = state
  const isOn = value === 'reading' || value === 'starting'
  return (
    <>
      <div class="camera" data-testid="camera" data-state={value}>
        <video ref={video} muted playsInline tabIndex={-1} hidden={!isOn} />
        {isOn ? null : <Icon name="scan" size={40} />}
        {value === 'reading' ? null : <p role="status">{text.camera[value]}</p>}
        {value === 'refused' || value === 'busy' ? (
          <Button testId="camera-again" onPress={props.onAgain}>
            {text.again}
          </Button>
        ) : null}
      </div>
      {light.value === null ? null : <LightButton light={light.value} />}
    </>
  )
}

function runCamera(
  video: HTMLVideoElement,
  on: {
    readonly onState: (state: CameraState) => void
    readonly onLight: (light: CameraLight | null) => void
    readonly look: (frame: Frame) => Promise<void>
  },
): () => void {
  let isOver = false
  let stop = () => {}
  const start = async () => {
    const stream = await openCamera({ facing: 'environment' })
    stop = () => stopCamera(stream)
    if (isOver) return stop()
    video.srcObject = stream
    await video.play()
    if (isOver) return
    on.onState('reading')
    on.onLight(lightOf(stream))
    const stopFrames = eachFrame(video, on.look)
    stop = () => {
      stopFrames()
      stopCamera(stream)
    }
  }
  start().catch((error: unknown) => {
    stop()
    if (!isOver) on.onState(cameraProblemOf(error))
  })
  return () => {
    isOver = true
    stop()
  }
}
