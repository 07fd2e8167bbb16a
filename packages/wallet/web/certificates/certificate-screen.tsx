import type { ScreenProps } from '../shell/opened.js'

export function CertificateScreen(_props: ScreenProps) {
  return <p>…</p>
}
