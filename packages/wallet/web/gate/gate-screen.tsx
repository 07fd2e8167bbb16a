import type { ScreenProps } from '../shell/opened.js'

export function GateScreen(_props: ScreenProps) {
  return <p>…</p>
}
