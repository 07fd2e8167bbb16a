import type { CitizenRow } from './citizen-row.js'

/** What a person types to say who they are. */
export type StatedIdentity = { readonly documentNumber: string; readonly name: string }

/** Spaces, dots and hyphens of every sort: people type them or not. */
const BETWEEN = /[\p{Z}\p{Pd}\u00B7\u2022\u2027\u2219\u22C5\u30FB\uFF65.'’]+/gu
const LONGEST = 500

/** The normal form a document number has on record; `undefined` for what can be none. */
export function statedNumber({ documentNumber }: StatedIdentity): string | undefined {
  if (documentNumber.length > LONGEST) return undefined
  const number = documentNumber.normalize('NFKC').trim().toUpperCase()
  return /^[A-Z0-9]{5,30}$/.test(number) ? number : undefined
}

/** Whether the stated name is the one on record, family name first or last. */
export function isStatedName(
  { name }: StatedIdentity,
  { familyName, givenName }: Pick<CitizenRow, 'familyName' | 'givenName'>,
): boolean {
  if (name.length > LONGEST) return false
  const stated = plain(name)
  if (stated === '') return false
  return stated === plain(familyName + givenName) || stated === plain(givenName + familyName)
}

function plain(name: string): string {
  return name.normalize('NFKC').replace(BETWEEN, '').toLowerCase()
}
