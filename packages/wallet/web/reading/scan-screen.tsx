import type { ScreenProps } from '../shell/opened.js'

export function ScanScreen(_props: ScreenProps) {
  return <p>…</p>
}
