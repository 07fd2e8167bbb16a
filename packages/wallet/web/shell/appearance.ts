import { chooseLanguage, language } from '@netcert/page/language'
import { followLook } from '@netcert/page/look'
import { signal } from '@preact/signals'
import type { Appearance, LockRecords } from '../lock/lock-records.js'

/** What the citizen chose; null: as the device does. */
export const appearance = signal<Appearance>({ language: null, look: null })

/** Looks and speaks as it was chosen on this device, in the address, or by the browser. */
export async function readAppearance(records: LockRecords): Promise<void> {
  const kept = await records.get('appearance')
  if (kept !== undefined) appearance.value = kept
  show()
}

/** Speaks as the address or the browser says, until something is read. */
export function show(): void {
  const asked = new URLSearchParams(location.search).get('lang')
  const { language: chosen, look } = appearance.value
  language.value = chooseLanguage(chosen === null ? asked : null, chosen ?? undefined, [
    ...navigator.languages,
  ])
  document.documentElement.lang = language.value
  followLook(look)
}

/** Chooses, from now on and after the page is opened again. */
export async function chooseAppearance(
  records: LockRecords,
  chosen: Partial<Appearance>,
): Promise<void> {
  appearance.value = { ...appearance.value, ...chosen }
  show()
  await records.put('appearance', appearance.value)
}
