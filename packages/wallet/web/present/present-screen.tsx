import type { ScreenProps } from '../shell/opened.js'

export function PresentScreen(_props: ScreenProps) {
  return <p>…</p>
}
