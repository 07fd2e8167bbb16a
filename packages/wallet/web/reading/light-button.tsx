import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Icon } from '../design/icon.js'
import { inLanguage } from '../texts/language.js'
import { scanTexts } from '../texts/scan.js'
import type { CameraLight } from './camera-light.js'

/**
 * The light of the camera: off at first, and off when one leaves or looks elsewhere. Its word says what a tap
 * does, so it is not said to be pressed as well.
 */
export function LightButton({ light }: { readonly light: CameraLight }) {
  const text = inLanguage(scanTexts)
  const isOn = useSignal(false)
  const put = (on: boolean) => {
    light(on).then(
      () => (isOn.value = on),
      () => (isOn.value = false),
    )
  }
  useEffect(() => {
    const onHide = () => {
      if (document.hidden && isOn.value) put(false)
    }
    document.addEventListener('visibilitychange', onHide)
    return () => {
      document.removeEventListener('visibilitychange', onHide)
      if (isOn.value) put(false)
    }
  }, [light])
  return (
    <button
      type="button"
      class="button camera-light"
      data-testid="camera-light"
      data-on={isOn.value}
      onClick={() => put(!isOn.value)}
    >
      <Icon name={isOn.value ? 'hidden' : 'eye'} />
      <span>{isOn.value ? text.lightOff : text.lightOn}</span>
    </button>
  )
}
