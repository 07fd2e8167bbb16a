import { batch, signal } from '@preact/signals'

/** The parts of the wallet. */
export const placeNames = [
  'home',
  'certificate',
  'receive',
  'present',
  'scan',
  'gate',
  'history',
  'family',
  'safety',
  'settings',
] as const
export type PlaceName = (typeof placeNames)[number]

/** Those that are always one tap away, in their order. */
export const tabNames = ['home', 'history', 'scan', 'family', 'safety'] as const

/** Where in the wallet somebody is: `#/present?request=…`. */
export type Place = {
  readonly name: PlaceName
  readonly parameters: Readonly<Record<string, string>>
}

export const place = signal<Place>({ name: 'home', parameters: {} })
/** Counted up whenever somebody comes to a place: by a link, or by the browser's way back or forward. */
export const visit = signal(0)

/** The place an address names; what is no place of the wallet is home. */
export function placeOf(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2)
  const name = placeNames.find((it) => it === path)
  if (name === undefined) return { name: 'home', parameters: {} }
  return { name, parameters: Object.fromEntries(new URLSearchParams(query)) }
}

/** The address of a place. */
export function addressOf(name: PlaceName, parameters: Place['parameters'] = {}): string {
  const query = new URLSearchParams(parameters).toString()
  return query === '' ? `#/${name}` : `#/${name}?${query}`
}

/** Which parameter leads to one part of a place. */
const partOf: Partial<Record<PlaceName, string>> = {
  family: 'ward',
  safety: 'part',
  settings: 'part',
}

/** Where the way back in the header leads: from a part to its place, from there home; null: from a tab nowhere. */
export function wayBackOf({ name, parameters }: Place): string | null {
  const part = partOf[name]
  if (part !== undefined && parameters[part] !== undefined) return addressOf(name)
  return tabNames.some((tab) => tab === name) ? null : addressOf('home')
}

/** Goes to a place; the browser's way back leads here again. */
export function go(name: PlaceName, parameters: Place['parameters'] = {}): void {
  location.hash = addressOf(name, parameters)
}

/**
 * Goes to a place with what was scanned or pasted here. The address never holds it: browsers keep a
 * history of addresses, also where the wallet is closed or erased.
 *
 * @param isNext - The browser's way back leads here again.
 */
export function handOver({ name, parameters }: Place, isNext: boolean): void {
  if (isNext) history.pushState(null, '', addressOf(name))
  else history.replaceState(null, '', addressOf(name))
  place.value = { name, parameters }
}

/** Goes to a place instead of this one: what was done here cannot be gone back to. */
export function goInstead(name: PlaceName, parameters: Place['parameters'] = {}): void {
  history.replaceState(null, '', addressOf(name, parameters))
  place.value = placeOf(location.hash)
}

/**
 * Follows the address. The way back may lead to the same address: an offer that was scanned on the way to
 * it stands where the scanner stood. Then `hashchange` is silent; `popstate` never is.
 */
export function followAddress(): void {
  takeSignInAnswer()
  place.value = placeOf(location.hash)
  addEventListener('popstate', () =>
    batch(() => {
      visit.value += 1
      place.value = placeOf(location.hash)
    }),
  )
}

/** A browser that comes back from a sign-in has the answer in its address. It is good once: it leaves there. */
function takeSignInAnswer(): void {
  const { href, pathname, searchParams } = new URL(location.href)
  const isAnswer = searchParams.has('code') || searchParams.has('error')
  if (!isAnswer || !searchParams.has('state')) return
  history.replaceState(null, '', pathname + addressOf('receive', { redirect: href }))
}
