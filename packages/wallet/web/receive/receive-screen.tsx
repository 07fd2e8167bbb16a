import type { ScreenProps } from '../shell/opened.js'

export function ReceiveScreen(_props: ScreenProps) {
  return <p>…</p>
}
