import { openScanner } from '@netcert/page/scanner'
import { useEffect, useState } from 'preact/hooks'
import type { GateDesk } from '../gate/gate-desk.js'
import type { Kiosk } from '../kiosk.js'
import { Icon } from '../parts/icon.js'
import { createWedge } from '../reading/wedge.js'
import { texts } from '../texts/language.js'
import { CameraView } from './camera-view.js'

type ReadingProps = { readonly kiosk: Kiosk; readonly desk: GateDesk }

/** Every way a code gets in: camera, keyboard scanner, picture. */
export function Reading({ kiosk, desk }: ReadingProps) {
  const [scanner] = useState(openScanner)
  const [hint, setHint] = useState<string | null>(null)
  useEffect(() => () => scanner.close(), [])
  useWedge(desk, () => setHint(texts.value.inputMethod))
  const readPicture = async (file: Blob | undefined) => {
    if (file === undefined) return
    setHint(null)
    const text = await scanner.readPicture(file).catch(() => undefined)
    if (typeof text === 'string') await desk.judge(text, null)
    else setHint(text === null ? texts.value.pictureWithoutCode : texts.value.pictureUnreadable)
  }
  useDroppedPictures((file) => void readPicture(file))
  return (
    <div class="reading">
      <CameraView kiosk={kiosk} desk={desk} scanner={scanner} />
      <div class="reading-other">
        <label class="button plain file-button">
          <Icon name="picture" />
          <span>{texts.value.readPicture}</span>
          <input
            type="file"
            accept="image/*"
            data-testid="read-file"
            onChange={(event) => {
              void readPicture(event.currentTarget.files?.[0])
              event.currentTarget.value = ''
            }}
          />
        </label>
        <Hint told={desk.again.value ? texts.value.repeated : hint} />
      </div>
    </div>
  )
}

function Hint({ told }: { readonly told: string | null }) {
  return (
    <span
      class={told === null ? 'hint' : 'hint told'}
      role="status"
      data-testid="reading-hint"
      data-told={String(told !== null)}
    >
      {told ?? texts.value.readPictureHint}
    </span>
  )
}

/** Scanners that type: whatever is typed while no field has the keyboard. */
function useWedge(desk: GateDesk, onInputMethod: () => void): void {
  useEffect(() => {
    const wedge = createWedge({ onCode: (text) => void desk.judge(text, null), onInputMethod })
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey || isField(event.target)) return
      // When the key was pressed, not when the page came to it.
      if (wedge.press(event.key, event.timeStamp)) event.preventDefault()
    }
    addEventListener('keydown', press, true)
    return () => removeEventListener('keydown', press, true)
  }, [desk])
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement && target.type !== 'file'
}

function useDroppedPictures(onPicture: (file: File | undefined) => void): void {
  useEffect(() => {
    const over = (event: DragEvent) => event.preventDefault()
    const drop = (event: DragEvent) => {
      event.preventDefault()
      onPicture(event.dataTransfer?.files[0])
    }
    addEventListener('dragover', over)
    addEventListener('drop', drop)
    return () => {
      removeEventListener('dragover', over)
      removeEventListener('drop', drop)
    }
  }, [])
}
