import type { ScreenProps } from '../shell/opened.js'

export function FamilyScreen(_props: ScreenProps) {
  return <p>…</p>
}
