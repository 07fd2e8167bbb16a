import type { ScreenProps } from '../shell/opened.js'

export function HistoryScreen(_props: ScreenProps) {
  return <p>…</p>
}
