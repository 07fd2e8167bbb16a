import type { CitizenRow } from './citizen-row.js'

/** What a person types to say who they are. */
export type StatedIdentity = { readonly documentNumber: string; readonly name: string }

/** Spaces, dots and hyphens of every sort: people type them or not. */
const BETWEEN =
  /[\p{Z}\p{Pd}\u00B7\u0387\u16EB\u2022\u2024\u2027\u2219\u22C5\u25CF\u2E31\u2E33\u30FB\uA78F\uFF65.'’]+/gu
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
  const stated = plainName(name)
  if (stated === '') return false
  return (
    stated === plainName(familyName + givenName) || stated === plainName(givenName + familyName)
  )
}

/** A name without what people type or leave out between its parts, whatever form they typed it in. */
function plainName(name: string): string {
  return name.normalize('NFKC').replace(BETWEEN, '').toLowerCase()
}
