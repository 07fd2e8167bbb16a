import type { ScreenProps } from '../shell/opened.js'

export function SafetyScreen(_props: ScreenProps) {
  return <p>…</p>
}
