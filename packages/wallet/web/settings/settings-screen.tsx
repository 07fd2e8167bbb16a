import type { ScreenProps } from '../shell/opened.js'

export function SettingsScreen(_props: ScreenProps) {
  return <p>…</p>
}
