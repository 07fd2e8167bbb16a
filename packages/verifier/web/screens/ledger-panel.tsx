import type { Kiosk } from '../kiosk.js'
/** placeholder */
export function LedgerPanel(_props: { readonly kiosk: Kiosk }) {
  return null
}
